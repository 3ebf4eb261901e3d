import type { Lexer } from "./lexer.ts";
import { logicPath } from "./names.ts";
import type { ApiField, ApiInput, ApiRoute, ApiType, TypeRef } from "./schema.ts";
import { structOf } from "./type-refs.ts";

/** Checks, with the lexer's problems for an answer, what no single line shows: that routes are defined once, and that what they take can be read. */
export function checkSchema(lexer: Lexer, types: readonly ApiType[], routes: readonly ApiRoute[]): void {
  const byName = new Map(types.map((type) => [type.name, type]));
  const { problems } = lexer;
  for (const type of types) problems.attempt(() => checkExclusions(lexer, type));
  checkRoutes(lexer, routes);
  for (const route of routes) {
    const { request, response } = route;
    for (const ref of [request, response]) {
      if (ref !== undefined) problems.attempt(() => checkKnown(lexer, byName, ref));
    }
    if (request?.kind === "struct") checkInputs(lexer, byName.get(request.name)?.fields ?? []);
  }
}

function checkRoutes(lexer: Lexer, routes: readonly ApiRoute[]): void {
  const files = new Set<string>();
  const paths = new Set<string>();
  for (const route of routes) {
    const { handler, method, path, at } = route;
    // `UserURL` and `UserUrl` would share the file user-url.ts.
    const file = logicPath(route);
    if (files.has(file)) {
      lexer.problems.add(lexer.error(at, `a second handler "${handler}"`, "each handler once in its group"));
    }
    const name = `${method} ${path}`;
    if (paths.has(name))
      lexer.problems.add(lexer.error(at, `a second route "${name}"`, "each method and path once"));
    files.add(file);
    paths.add(name);
  }
}

function checkKnown(lexer: Lexer, types: ReadonlyMap<string, ApiType>, ref: TypeRef): void {
  const struct = structOf(ref);
  if (struct !== undefined && !types.has(struct.name)) {
    throw lexer.error(
      struct.at,
      `the unknown type "${struct.name}"`,
      "a type of the contract or a Go base type",
    );
  }
}

/** What comes as text must be a value that text can say. */
function checkInputs(lexer: Lexer, fields: readonly ApiField[]): void {
  for (const field of fields) {
    for (const { from } of field.inputs ?? []) {
      if (!isReadable(field.type, from)) {
        const wanted =
          from === "path" ? "a string, number or bool" : "a string, number, bool, or an array of them";
        lexer.problems.add(lexer.error(field.at, `a ${from} field of such a type`, wanted));
      }
    }
  }
}

function isReadable(type: TypeRef, from: ApiInput["from"]): boolean {
  if (type.kind === "array") return from !== "path" && isReadable(type.element, "path");
  return type.kind === "scalar" || type.kind === "any" || type.kind === "bytes";
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
