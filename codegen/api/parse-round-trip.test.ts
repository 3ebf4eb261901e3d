import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseApi } from "./parse.ts";
import {
  type ApiField,
  type ApiRoute,
  type ApiSchema,
  type ApiType,
  NO_RULES,
  type TypeRef,
} from "./schema.ts";

const HERE = { line: 0, column: 0 };
const TYPE_NAMES = ["Alpha", "Beta", "Gamma", "Delta"];

const scalar: fc.Arbitrary<TypeRef> = fc
  .constantFrom("int", "int8", "int64", "uint32", "uint64", "float64", "string", "bool" as const)
  .map((name) => ({ kind: "scalar", name }));

/** Types that hold only structs declared before them, so that none holds itself. */
function typeRef(structs: readonly string[]): fc.Arbitrary<TypeRef> {
  const leaf: fc.Arbitrary<TypeRef>[] = [scalar, fc.constant<TypeRef>({ kind: "any" })];
  if (structs.length > 0) {
    leaf.push(fc.constantFrom(...structs).map((name) => ({ kind: "struct", name, at: HERE })));
  }
  return fc.oneof(
    ...leaf,
    fc.oneof(...leaf).map((element): TypeRef => ({ kind: "array", element })),
    fc.oneof(...leaf).map((value): TypeRef => ({ kind: "map", value })),
  );
}

const text = fc
  .string({ unit: fc.constantFrom(..."ab 支付:,()"), maxLength: 12 })
  .map((value) => value.trim());

function field(name: string, structs: readonly string[]): fc.Arbitrary<ApiField> {
  const jsonName = fc.constantFrom(name, `${name.toLowerCase()}_id`, `x-${name}`);
  const bound = fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined });
  const range = fc.record({
    min: bound,
    max: bound.map((value) => value && value + 20),
    minExclusive: fc.boolean(),
    maxExclusive: fc.boolean(),
  });
  const integer = fc.constant<TypeRef>({ kind: "scalar", name: "int64" });
  const rules = fc.record({
    optional: fc.boolean(),
    default: fc.constantFrom(undefined, 12),
    options: fc.constantFrom(undefined, [11, 12]),
    range: range.map((value) => (value.min === undefined && value.max === undefined ? undefined : value)),
  });
  const common = { name: fc.constant(name), jsonName, description: text, at: fc.constant(HERE) };
  return fc.oneof(
    fc.record({ ...common, type: typeRef(structs), rules: fc.constant(NO_RULES) }),
    fc.record({ ...common, type: integer, rules }),
  );
}

function apiType(name: string, structs: readonly string[]): fc.Arbitrary<ApiType> {
  const fields = fc
    .subarray(["One", "Two", "Three"])
    .chain((names) => fc.tuple(...names.map((one) => field(one, structs))));
  return fc.record({ name: fc.constant(name), doc: text, fields, at: fc.constant(HERE) });
}

function route(handler: string): fc.Arbitrary<ApiRoute> {
  return fc.oneof(jsonRoute(handler), rawRoute(handler));
}

function rawRoute(handler: string): fc.Arbitrary<ApiRoute> {
  return fc.record({
    method: fc.constantFrom("GET", "POST"),
    path: fc.constantFrom(`/${handler}`, `/api/${handler}/:channel`, `/:a/${handler}/:b`),
    handler: fc.constant(handler),
    group: fc.constant(""),
    auth: fc.boolean(),
    raw: fc.constant(true),
    repeatable: fc.constant(true),
    summary: text,
    request: fc.constant(undefined),
    response: fc.constant(undefined),
    at: fc.constant(HERE),
  });
}

function jsonRoute(handler: string): fc.Arbitrary<ApiRoute> {
  const request = fc.constantFrom(...TYPE_NAMES).map((name) => ({ kind: "struct" as const, name, at: HERE }));
  return fc.record({
    method: fc.constantFrom("POST", "PUT", "PATCH", "DELETE"),
    path: fc.constantFrom(`/${handler}`, `/api/v1/${handler}-x`),
    handler: fc.constant(handler),
    group: fc.constantFrom("", "admin", "admin/user"),
    auth: fc.boolean(),
    raw: fc.constant(false),
    summary: text,
    repeatable: fc.boolean(),
    request: fc.option(request, { nil: undefined }),
    response: fc.option(typeRef(TYPE_NAMES), { nil: undefined }),
    at: fc.constant(HERE),
  });
}

const schemas: fc.Arbitrary<ApiSchema> = fc.record({
  types: fc.tuple(...TYPE_NAMES.map((name, index) => apiType(name, TYPE_NAMES.slice(0, index)))),
  routes: fc.subarray(["Create", "Detail", "List"]).chain((handlers) => fc.tuple(...handlers.map(route))),
});

function printRef(ref: TypeRef): string {
  if (ref.kind === "any") return "interface{}";
  if (ref.kind === "array") return `[]${printRef(ref.element)}`;
  if (ref.kind === "map") return `map[string]${printRef(ref.value)}`;
  if (ref.kind === "bytes") return "[]byte";
  return ref.kind === "struct" ? `*${ref.name}` : ref.name;
}

function printField({ name, jsonName, type, rules, description }: ApiField): string {
  const { range } = rules;
  const options = [jsonName];
  if (rules.optional) options.push("optional");
  if (rules.default !== undefined) options.push(`default=${rules.default}`);
  if (rules.options !== undefined) options.push(`options=[${rules.options.join(",")}]`);
  if (range !== undefined) {
    const [open, close] = [range.minExclusive ? "(" : "[", range.maxExclusive ? ")" : "]"];
    options.push(`range=${open}${range.min ?? ""}:${range.max ?? ""}${close}`);
  }
  return `${name} ${printRef(type)} \`json:"${options.join(",")}"\` // ${description}`;
}

function printType({ name, doc, fields }: ApiType): string[] {
  return ["", `// ${doc}`, `type ${name} {`, ...fields.map(printField), "}"];
}

function printRoute(route: ApiRoute): string[] {
  const { method, path, handler, group, auth, raw, summary, repeatable, request, response } = route;
  const bodies = [
    ...(request === undefined ? [] : [`(${request.name})`]),
    ...(response === undefined ? [] : [`returns (${printRef(response)})`]),
  ];
  return [
    "@server (",
    ...(auth ? ["jwt: Auth"] : []),
    ...(group === "" ? [] : [`group: ${group}`]),
    ...(raw ? ["body: raw"] : []),
    ")",
    "service Pay {",
    ...(repeatable
      ? ["@doc (", `summary: "${summary}"`, "idempotencyLevel: IDEMPOTENT", ")"]
      : [`@doc "${summary}"`]),
    `@handler ${handler}`,
    `${method.toLowerCase()} ${path} ${bodies.join(" ")}`,
    "}",
  ];
}

function printSchema({ types, routes }: ApiSchema): string {
  return [...types.flatMap(printType), "service Pay {}", ...routes.flatMap(printRoute)].join("\n");
}

function withoutPlaces(schema: ApiSchema): unknown {
  return JSON.parse(JSON.stringify(schema, (key, value: unknown) => (key === "at" ? undefined : value)));
}

test("a schema that is written as .api text parses to itself", () => {
  fc.assert(
    fc.property(schemas, (schema) => {
      assert.deepEqual(withoutPlaces(parseApi(printSchema(schema), "pay.api")), withoutPlaces(schema));
    }),
    { numRuns: 200 },
  );
});

test("whatever the text, the parser ends with a schema or an error that names the place", () => {
  const pieces = fc.constantFrom(
    ...'type service @server @handler @doc info ( ) { } [ ] * : / ` " A int64 // \n'.split(" "),
    "\n",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), (words) => {
      try {
        parseApi(words.join(" "), "pay.api");
      } catch (error) {
        assert.match(String(error), /^ContractError: pay\.api:\d+:\d+: found .*, expected ./);
      }
    }),
    { numRuns: 300 },
  );
});
