import type { TypeRef } from "./schema.ts";

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
export function promiseText(response: TypeRef | undefined): string {
  return `Promise<${response === undefined ? "void" : typeText(response)}>`;
}
