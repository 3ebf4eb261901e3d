import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AppError } from "@mall/kit/errors";
import fc from "fast-check";
import { parseStrictJson } from "./strict-json.ts";

const schema = {
  type: "object",
  properties: {
    uid: { type: "integer" },
    ratio: { type: "number" },
    lines: { type: "array", items: { type: "object", properties: { id: { type: "integer" } } } },
    byName: { type: "object", additionalProperties: { type: "integer" } },
  },
};

function refusal(text: string): AppError {
  try {
    parseStrictJson(text, schema);
  } catch (error) {
    assert.ok(error instanceof AppError);
    assert.equal(error.code, "INVALID_ARGUMENT");
    return error;
  }
  return assert.fail(`${text} was accepted`);
}

describe("parseStrictJson", () => {
  test("agrees with JSON.parse on every value without doubled keys", () => {
    const values = fc
      .jsonValue({ maxDepth: 8 })
      .filter((value) => !JSON.stringify(value).includes("__proto__"));
    const spaces = fc.constantFrom("", " ", "\t", "\n\r ");
    fc.assert(
      fc.property(values, spaces, (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        assert.deepEqual(parseStrictJson(text, {}), JSON.parse(text));
      }),
    );
  });

  test("refuses whatever JSON.parse refuses, without quoting it", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        if (isJson(text)) return;
        assert.match(
          refusal(text).message,
          /^the body is not valid JSON( at position \d+|: it ends too early)?$/,
        );
      }),
    );
  });

  test("finds a key given twice however it is spelled, and names it", () => {
    const key = fc.string({ minLength: 1 }).filter((name) => name !== "__proto__");
    fc.assert(
      fc.property(key, (name) => {
        const escaped = Array.from({ length: name.length }, (_, at) => {
          return `\\u${name.charCodeAt(at).toString(16).padStart(4, "0")}`;
        }).join("");
        const text = `{${JSON.stringify(name)}:1,"${escaped}":2}`;
        assert.equal(refusal(text).field, name);
        parseStrictJson(`{${JSON.stringify(name)}:1,"other ${escaped}":2}`, {});
      }),
    );
    assert.equal(refusal('{"lines":[{"id":1},{"id":1,"id":2}]}').field, "lines[1].id");
  });

  test("the same key in two objects is fine", () => {
    assert.deepEqual(parseStrictJson('{"lines":[{"id":1},{"id":1}],"id":2}', schema), {
      lines: [{ id: 1 }, { id: 1 }],
      id: 2,
    });
  });

  test("refuses __proto__ as a key, plain or escaped", () => {
    assert.match(refusal('{"a":{"__proto__":{"x":1}}}').message, /"a.__proto__"/);
    assert.match(refusal('{"\\u005f_proto__":1}').message, /__proto__/);
  });

  test("an integer field is written with digits only", () => {
    for (const number of ["1.0", "1e3", "1E3", "-0", "-0.0", "1.5", "1e400"]) {
      assert.equal(refusal(`{"uid":${number}}`).message, 'field "uid" must be written as an integer');
      assert.equal(refusal(`{"lines":[{"id":${number}}]}`).field, "lines[0].id");
      assert.equal(refusal(`{"byName":{"x": ${number}}}`).field, "byName.x");
      parseStrictJson(`{"ratio":${number},"unknown":[${number}]}`, schema);
    }
    for (const value of ["0", "-10", "true", "false", "null", '"1.5"'])
      parseStrictJson(`{"uid":${value}}`, schema);
  });

  test("nesting deeper than 32 is refused", () => {
    parseStrictJson("[".repeat(32) + "]".repeat(32), {});
    assert.match(refusal("[".repeat(33) + "]".repeat(33)).message, /deeper than 32/);
    assert.match(refusal(`${'{"a":'.repeat(33)}1${"}".repeat(33)}`).message, /deeper than 32/);
    assert.match(refusal("[".repeat(500_000) + "]".repeat(500_000)).message, /deeper than 32/);
  });

  test("time grows with the length only, whatever the body is made of", () => {
    const many = Array.from({ length: 40_000 }, (_, at) => `"key${at}":"\\\\"`).join(",");
    const quotes = '\\"'.repeat(300_000);
    const slashes = "\\\\".repeat(300_000);
    const start = performance.now();
    parseStrictJson(`{${many}}`, {});
    parseStrictJson(`["${quotes}","${slashes}"]`, {});
    assert.ok(performance.now() - start < 2000);
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test("a message does not grow with the client's keys", () => {
  const key = "k".repeat(100_000);
  assert.ok(refusal(`{"${key}":1,"${key}":2}`).message.length < 300);
});
