import type { ApiRoute, TypeRef } from "./schema.ts";
import { structOf } from "./type-refs.ts";

/** A type as TypeScript writes it. */
export function typeText(ref: TypeRef): string {
  if (ref.kind === "any") return "unknown";
  if (ref.kind === "struct") return ref.name;
  if (ref.kind === "array") return `${typeText(ref.element)}[]`;
  if (ref.kind === "bytes") return "string";
  if (ref.kind === "map") return `Record<${ref.numeric ? "number" : "string"}, ${typeText(ref.value)}>`;
  if (ref.name === "string") return "string";
  return ref.name === "bool" ? "boolean" : "number";
}

/** The structs that a type names, innermost. */
export function structNames(ref: TypeRef | undefined): string[] {
  const struct = ref && structOf(ref);
  return struct === undefined ? [] : [struct.name];
}

/** The answer of a route as its logic and its client promise it. */
export function promiseText(route: ApiRoute): string {
  if (route.raw) return "Promise<RawAnswer>";
  return `Promise<${answerText(route)}>`;
}

/** The answer itself; of a stream one of its events. */
export function answerText({ response }: ApiRoute): string {
  return response === undefined ? "void" : typeText(response);
}

/** What a route's logic takes beside its call; undefined where it takes nothing. */
export function requestText({ raw, request }: ApiRoute): string | undefined {
  return raw ? "RawRequest" : request && typeText(request);
}
