import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { typeSchema } from "./json-schema.ts";
import { parseApi } from "./parse.ts";
import { type ApiField, type ApiRoute, type ApiSchema, type FieldRules, NO_RULES } from "./schema.ts";

function parse(...lines: string[]): ApiSchema {
  return parseApi(lines.join("\n"), "pay.api");
}

function fieldOf(...lines: string[]): ApiField {
  const field = parse("type Item {}", "type A {", ...lines, "}", "service Pay {}").types[1]?.fields[0];
  assert.ok(field);
  return field;
}

function routeOf(...lines: string[]): ApiRoute {
  const route = parse("type A {}", ...lines).routes[0];
  assert.ok(route);
  return route;
}

function checkRules(goType: string, options: string, expected: Partial<FieldRules>): void {
  const field = fieldOf(`F ${goType} \`json:"f,${options}"\``);
  assert.deepEqual(field.rules, { ...NO_RULES, ...expected });
}

test("the tutorial's pay.api parses as it is printed", () => {
  const path = `${import.meta.dirname}/../testdata/api/seed-pay.api`;
  const { types, routes } = parseApi(readFileSync(path, "utf8"), "pay.api");
  assert.deepEqual(
    types.map((type) => [type.name, ...type.fields.map((field) => field.jsonName)].join(" ")),
    [
      "CreateRequest uid oid amount",
      "CreateResponse id",
      "DetailRequest id",
      "DetailResponse id uid oid amount source status",
      "CallbackRequest id uid oid amount source status",
      "CallbackResponse",
    ],
  );
  assert.deepEqual(
    routes.map((route) => [route.handler, route.method, route.path, route.auth, route.request?.name]),
    [
      ["Create", "POST", "/api/pay/create", true, "CreateRequest"],
      ["Detail", "POST", "/api/pay/detail", true, "DetailRequest"],
      ["Callback", "POST", "/api/pay/callback", true, "CallbackRequest"],
    ],
  );
});

test("a field keeps its Go name, its JSON name, its type and its comments", () => {
  assert.deepEqual(fieldOf("// above", 'UserId int64 `json:"uid"` // beside'), {
    name: "UserId",
    jsonName: "uid",
    type: { kind: "scalar", name: "int64" },
    rules: { optional: false, default: undefined, options: undefined, range: undefined },
    description: "above\nbeside",
    at: { line: 4, column: 1 },
  });
});

test("a text may have a length and a pattern, which stand in its schema", () => {
  const field = fieldOf('F string `json:"f,optional,length=[6:128]" pattern:"^[+]?[0-9]{5,20}$"`');
  assert.deepEqual(field.rules, {
    ...NO_RULES,
    optional: true,
    length: { min: 6, max: 128 },
    pattern: "^[+]?[0-9]{5,20}$",
  });
  checkRules("string", "length=[:255]", { length: { min: undefined, max: 255 } });
  checkRules("string", "length=[1:]", { length: { min: 1, max: undefined } });
  const type = { name: "A", doc: "", fields: [field], at: field.at };
  assert.deepEqual(typeSchema(type, () => ({})).properties, {
    f: { type: "string", minLength: 6, maxLength: 128, pattern: "^[+]?[0-9]{5,20}$" },
  });
});

test("a field may exclude another one, which stands in the schema of its type", () => {
  const notOf = (...fields: string[]): unknown => {
    const [type] = parseApi(["type A {", ...fields, "}", "service Pay {}"].join("\n"), "pay.api").types;
    return type && typeSchema(type, () => ({})).not;
  };
  const stock = 'Stock int64 `json:"stock,optional"`';
  const change = 'Change int64 `json:"change,optional,range=[-9:9],excludes=stock"`';
  const sale = 'Sale int64 `json:"sale,excludes=stock,optional"`';
  const told = (field: string) => ({ required: [field, "stock"], properties: { [field]: {}, stock: {} } });
  assert.equal(notOf(stock), undefined);
  assert.deepEqual(notOf(stock, change), told("change"));
  assert.deepEqual(notOf(stock, change, sale), { anyOf: [told("change"), told("sale")] });
});

test("a field without a tag is named in JSON as in Go", () => {
  assert.equal(fieldOf("Uid int64").jsonName, "Uid");
  assert.equal(fieldOf('Uid int64 `json:",optional"`').jsonName, "Uid");
});

test("field types are Go's, and a pointer is its target", () => {
  const scalar = { kind: "scalar", name: "uint8" };
  const struct = { kind: "struct", name: "Item", at: { line: 3, column: 6 } };
  assert.deepEqual(fieldOf("F byte").type, scalar);
  assert.deepEqual(fieldOf("F *uint8").type, scalar);
  assert.deepEqual(fieldOf("F []string").type, {
    kind: "array",
    element: { kind: "scalar", name: "string" },
  });
  assert.deepEqual(fieldOf("F map[string][]bool").type, {
    kind: "map",
    value: { kind: "array", element: { kind: "scalar", name: "bool" } },
  });
  assert.deepEqual(fieldOf("F interface{}").type, { kind: "any" });
  assert.deepEqual(fieldOf("F any").type, { kind: "any" });
  assert.deepEqual(fieldOf("F   *Item").type, struct);
});

test("tag options become rules of the field's type", () => {
  checkRules("int64", "optional", { optional: true });
  checkRules("int64", "omitempty", { optional: true });
  checkRules("int64", "default=3", { default: 3 });
  checkRules("bool", "default=false", { default: false });
  checkRules("bool", "default=T", { default: true });
  checkRules("[]int64", "default=[1,2]", { default: [1, 2] });
  checkRules("[2]string", "default=[a, b]", { default: ["a", "b"] });
  checkRules("[]string", "default=[]", { default: [] });
  checkRules("[]byte", "default=[1,255]", { default: "Af8=" });
  checkRules("string", "default=a b", { default: "a b" });
  checkRules("string", "options=a|b,optional", { options: ["a", "b"], optional: true });
  checkRules("string", "options=[a, b],optional", { options: ["a", "b"], optional: true });
  checkRules("int64", "options=1|2,default=2", { options: [1, 2], default: 2 });
  checkRules("float64", "string", { quoted: true });
  checkRules("bool", "string", { quoted: true });
});

test("rules of single values say nothing of lists and the like, as in go-zero", () => {
  for (const type of ["[]int64", "[]byte", "map[string]int", "any", "Item"])
    for (const options of ["options=1|2", "range=[1:5]", "string"]) checkRules(type, options, {});
});

test("ranges may include or exclude either end and leave one open", () => {
  const sides = { min: undefined, max: undefined, minExclusive: false, maxExclusive: false };
  checkRules("int64", "range=[1:5]", { range: { ...sides, min: 1, max: 5 } });
  checkRules("int64", "range=[1:5)", {
    range: { ...sides, min: 1, max: 5, maxExclusive: true },
  });
  checkRules("float64", "range=(0.5:5]", {
    range: { ...sides, min: 0.5, max: 5, minExclusive: true },
  });
  checkRules("int64", "range=(-1:)", {
    range: { ...sides, min: -1, minExclusive: true, maxExclusive: true },
  });
  checkRules("int64", "range=[:5]", { range: { ...sides, max: 5 } });
});

test("types stand alone or in a group, with or without the word struct, and take the comment above", () => {
  const { types } = parse(
    'syntax = "v1"',
    "info (",
    "  title: pay (v1), the api // of payments",
    '  desc: "a text"',
    ")",
    "// first",
    "// doc",
    "type A struct {}",
    "type (",
    "  // apart",
    "",
    "  /* second doc */",
    "  B {} // not the doc of C",
    "  C struct {}",
    ")",
    "service Pay {}",
  );
  assert.deepEqual(
    types.map((type) => [type.name, type.doc]),
    [
      ["A", "first\ndoc"],
      ["B", "second doc"],
      ["C", ""],
    ],
  );
});

test("a service may come in several blocks, each with its own @server", () => {
  const { routes } = parse(
    "service pay-api {",
    "  @handler Open",
    "  get /open",
    "}",
    "@server( jwt: Auth  group: admin/user prefix: /v1 )",
    "service pay {",
    "  @handler Closed",
    "  delete /closed;",
    "}",
  );
  assert.deepEqual(
    routes.map((route) => [route.handler, route.method, route.path, route.auth, route.group]),
    [
      ["Open", "GET", "/open", false, ""],
      ["Closed", "DELETE", "/v1/closed", true, "admin/user"],
    ],
  );
});

test("a route may leave out its request, its response or both", () => {
  const bodies = (route: ApiRoute): unknown[] => [route.request?.name, route.response?.kind];
  const one = (line: string): ApiRoute => routeOf("service Pay {", "@handler H", line, "}");
  assert.deepEqual(bodies(one("post /h")), [undefined, undefined]);
  assert.deepEqual(bodies(one("post /h()")), [undefined, undefined]);
  assert.deepEqual(bodies(one("post /h(A)")), ["A", undefined]);
  assert.deepEqual(bodies(one("post /h (*A) returns (A);")), ["A", "struct"]);
  assert.deepEqual(bodies(one("post /h returns ([]A)")), [undefined, "array"]);
  assert.deepEqual(bodies(one("post /h returns (map[string]*A)")), [undefined, "map"]);
  assert.deepEqual(bodies(one("post /h returns (string)")), [undefined, "scalar"]);
  assert.deepEqual(bodies(one("post /h returns ()")), [undefined, undefined]);
});

test("@doc gives the summary in each of its forms, before or after the handler", () => {
  const summary = (...lines: string[]): string => routeOf("service Pay {", ...lines, "post /h", "}").summary;
  assert.equal(summary('@doc "支付创建"', "@handler H"), "支付创建");
  assert.equal(summary("@handler H", '@doc "say \\"hi\\""'), 'say "hi"');
  assert.equal(summary("@doc(", '  summary: "创建"', ")", "@handler H"), "创建");
  assert.equal(summary("@doc( summary: create (a pay) )", "@handler H"), "create (a pay)");
  assert.equal(summary("@handler H"), "");
});

test("a route may be repeated where @doc or its method says so", () => {
  const repeatable = (...lines: string[]): boolean => routeOf("service Pay {", ...lines, "}").repeatable;
  assert.equal(repeatable("@handler H", "post /h"), false);
  assert.equal(repeatable("@doc ( summary: a )", "@handler H", "post /h"), false);
  assert.equal(repeatable("@doc (", "idempotencyLevel: NO_SIDE_EFFECTS", ")", "@handler H", "post /h"), true);
  assert.equal(repeatable('@doc ( idempotencyLevel: "IDEMPOTENT" )', "@handler H", "put /h"), true);
  assert.equal(repeatable("@handler H", "get /h"), true);
});

test("the old @server( handler: … ) names a handler too", () => {
  assert.equal(routeOf("service Pay {", "@server(handler: Old)", "post /h", "}").handler, "Old");
});

test("Windows line ends and a byte order mark change nothing", () => {
  const text = 'type A { // x\r\n  F int64 `json:"f"` // y\r\n}\r\nservice Pay {}\r\n';
  assert.deepEqual(parseApi(`\uFEFF${text}`, "pay.api").types[0]?.fields[0]?.description, "y");
});
