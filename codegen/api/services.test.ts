import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { generateApi } from "./generate-api.ts";
import type { SchemaLiteral } from "./json-schema.ts";
import { parseApi } from "./parse.ts";
import { schemaSet } from "./shared-schemas.ts";

type Check = ((value: unknown) => boolean) & { errors?: { params: { missingProperty?: string } }[] | null };
type AjvClass = new (options: object) => { compile(schema: SchemaLiteral): Check };

// Fastify's own validator is what checks requests, so it is the one to ask.
function loadAjv(): AjvClass {
  const fastify = createRequire(import.meta.url).resolve("fastify");
  const { Ajv }: { Ajv: AjvClass } = createRequire(fastify)("ajv");
  return Ajv;
}

function sourceOf(name: string): string {
  return readFileSync(`${import.meta.dirname}/../../services/${name}/api/${name}.api`, "utf8");
}

for (const name of ["user", "product", "order", "pay"]) {
  test(`${name}.api generates the whole layer, with schemas that a strict validator takes`, () => {
    const source = sourceOf(name);
    const { generated, scaffolds } = generateApi({ source, fileName: `${name}.api`, name });
    const { types, routes } = parseApi(source, `${name}.api`);
    assert.deepEqual(
      generated.map((file) => file.path),
      ["gen/types.ts", "gen/routes.ts", "gen/client.ts", "gen/openapi.ts"],
    );
    assert.equal(scaffolds.length, routes.length);
    const Ajv = loadAjv();
    const ajv = new Ajv({ strict: true });
    const { schemaOf } = schemaSet(types);
    for (const type of types) ajv.compile(schemaOf(type.name));
  });
}

test("a missing field is reported in the order in which the contract declares the fields", () => {
  const Ajv = loadAjv();
  const { types } = parseApi(sourceOf("pay"), "pay.api");
  const check = new Ajv({ strict: true }).compile(schemaSet(types).schemaOf("CreateRequest"));
  assert.equal(check({ amount: 1 }), false);
  assert.equal(check.errors?.[0]?.params.missingProperty, "uid");
});

test("an integer that JavaScript cannot hold exactly is refused", () => {
  const Ajv = loadAjv();
  const { types } = parseApi('type A { Id int64 `json:"id"` }\nservice A {}', "a.api");
  const check = new Ajv({ strict: true }).compile(schemaSet(types).schemaOf("A"));
  assert.equal(check({ id: Number.MAX_SAFE_INTEGER }), true);
  assert.equal(check({ id: Number.MAX_SAFE_INTEGER + 1 }), false);
});
