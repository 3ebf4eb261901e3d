import type { ApiRoute, TypeRef } from "./schema.ts";

/** A type as TypeScript writes it. */
export function typeText(ref: TypeRef): string {
  if (ref.kind === "any") return "unknown";
  if (ref.kind === "struct") return ref.name;
  if (ref.kind === "array") return `${typeText(ref.element)}[]`;
  if (ref.kind === "map") return `Record<string, ${typeText(ref.value)}>`;
  if (ref.name === "string") return "string";
  return ref.name === "bool" ? "boolean" : "number";
}

/** The structs that a type names, innermost. */
export function structNames(ref: TypeRef | undefined): string[] {
  if (ref === undefined || ref.kind === "scalar" || ref.kind === "any") return [];
  if (ref.kind === "struct") return [ref.name];
  return structNames(ref.kind === "array" ? ref.element : ref.value);
}

/** The answer of a route as its logic and its client promise it. */
export function promiseText({ raw, response }: ApiRoute): string {
  if (raw) return "Promise<RawAnswer>";
  return `Promise<${response === undefined ? "void" : typeText(response)}>`;
}

/** What a route's logic takes beside its call; undefined where it takes nothing. */
export function requestText({ raw, request }: ApiRoute): string | undefined {
  return raw ? "RawRequest" : request?.name;
}
