import { kebabCase } from "../emit/index.ts";
import type { Lexer } from "./lexer.ts";
import type { ApiField, ApiRoute, ApiType, TypeRef } from "./schema.ts";

// Names that generated files import or that the language gives: a type of that name would hide them.
const TAKEN_TYPES = new Set(
  "Route ServiceContext HttpClient JsonSchema OpenApiPart RawAnswer RawRequest Promise Record Call AppError Array Object".split(
    " ",
  ),
);

/** Checks what no single line shows: that names are defined once and that what is used exists. */
export function checkNames(lexer: Lexer, types: readonly ApiType[], routes: readonly ApiRoute[]): void {
  checkTypes(lexer, types);
  const byName = new Map(types.map((type) => [type.name, type]));
  for (const type of types) {
    for (const field of type.fields) checkKnown(lexer, byName, field.type);
  }
  for (const type of types) {
    checkNotInItself(lexer, byName, type);
    checkExclusions(lexer, type);
  }
  checkRoutes(lexer, routes);
  for (const { request, response } of routes) {
    if (request !== undefined) checkKnown(lexer, byName, request);
    if (response !== undefined) checkKnown(lexer, byName, response);
  }
}

function checkTypes(lexer: Lexer, types: readonly ApiType[]): void {
  const names = new Set<string>();
  for (const { name, at } of types) {
    if (!/^\p{Lu}/u.test(name)) {
      throw lexer.error(at, `the type name "${name}"`, "one that starts with a capital letter");
    }
    if (TAKEN_TYPES.has(name)) {
      throw lexer.error(at, `the type name "${name}"`, "another: generated code uses this one");
    }
    if (names.has(name)) throw lexer.error(at, `a second type "${name}"`, "each type once");
    names.add(name);
  }
}

function checkRoutes(lexer: Lexer, routes: readonly ApiRoute[]): void {
  const handlers = new Set<string>();
  const paths = new Set<string>();
  for (const { handler, method, path, at } of routes) {
    // `UserURL` and `UserUrl` would share the file user-url.ts.
    const file = kebabCase(handler);
    if (handlers.has(file)) throw lexer.error(at, `a second handler "${handler}"`, "each handler once");
    const route = `${method} ${path}`;
    if (paths.has(route)) throw lexer.error(at, `a second route "${route}"`, "each method and path once");
    handlers.add(file);
    paths.add(route);
  }
}

function checkKnown(lexer: Lexer, types: ReadonlyMap<string, ApiType>, ref: TypeRef): void {
  const struct = structOf(ref);
  if (struct !== undefined && !types.has(struct.name)) {
    throw lexer.error(
      struct.at,
      `the unknown type "${struct.name}"`,
      "a type of this file or a Go base type",
    );
  }
}

/** Of two fields that may not come together each may be left out, and has no default that would come anyway. */
function checkExclusions(lexer: Lexer, { fields }: ApiType): void {
  const canBeAbsent = ({ rules }: ApiField): boolean => rules.optional && rules.default === undefined;
  for (const field of fields) {
    const { excludes } = field.rules;
    if (excludes === undefined) continue;
    const other = fields.find(({ jsonName }) => jsonName === excludes);
    if (other === field || other === undefined || !canBeAbsent(other) || !canBeAbsent(field)) {
      throw lexer.error(
        field.at,
        `excludes=${excludes}`,
        "another field of the type, both of them optional and without a default",
      );
    }
  }
}

/** A schema is written out in full where a type is used, so a type cannot hold itself. */
function checkNotInItself(lexer: Lexer, types: ReadonlyMap<string, ApiType>, start: ApiType): void {
  const seen = new Set<string>();
  const visit = (field: ApiField): void => {
    const struct = structOf(field.type);
    if (struct === undefined || seen.has(struct.name)) return;
    if (struct.name === start.name) {
      throw lexer.error(
        struct.at,
        `"${start.name}" inside itself`,
        "a type that ends: recursive types are not supported",
      );
    }
    seen.add(struct.name);
    for (const inner of types.get(struct.name)?.fields ?? []) visit(inner);
  };
  for (const field of start.fields) visit(field);
}

function structOf(ref: TypeRef): Extract<TypeRef, { kind: "struct" }> | undefined {
  if (ref.kind === "array") return structOf(ref.element);
  if (ref.kind === "map") return structOf(ref.value);
  return ref.kind === "struct" ? ref : undefined;
}
