import assert from "node:assert/strict";
import { test } from "node:test";
import { parseApi } from "./parse.ts";

/** A type A whose one field is at line 2, column 1. */
function withField(field: string): string {
  return `type A {\n${field}\n}\nservice Pay {}`;
}

/** The JSON name and the rules of a field, which is at line 2, column 1, and what is said of it. */
function readField(field: string): {
  jsonName: string | undefined;
  optional: boolean | undefined;
  said: string[];
} {
  const { types, warnings = [] } = parseApi(withField(field), "pay.api");
  const [read] = types[0]?.fields ?? [];
  return {
    jsonName: read?.jsonName,
    optional: read?.rules.optional,
    said: warnings.map(({ message }) =>
      message.replace("pay.api:2:", "").replace(/ warning: found (.*), expected .*; passed.*/, " $1"),
    ),
  };
}

test("a range of a number in quotes is a pattern of its text", () => {
  const ranges = { "[0:]": ["0", "7"], "[1:)": ["7", "10"], "(0:]": ["7", "10"] };
  for (const [range, fit] of Object.entries(ranges)) {
    const { types } = parseApi(withField(`F int64 \`json:"f,range=${range},string"\``), "pay.api");
    const { pattern = "", range: kept } = types[0]?.fields[0]?.rules ?? {};
    const fits = ["0", "7", "10", "07", "-1", "x"].filter((text) => new RegExp(pattern, "u").test(text));
    assert.deepEqual([kept, ...fits.slice(0, 2)], [undefined, ...fit]);
  }
});

test("options of a truth value that are both of them say nothing", () => {
  for (const options of ["true|false", "false|true", "[true,false]"])
    assert.deepEqual(readField(`F bool \`json:"f,options=${options}"\``).said, []);
  assert.throws(() => readField('F bool `json:"f,options=true"`'), /expected values of the field's type/);
});

test("typing errors in tags are told, and mean what they mean to Go", () => {
  const cases: readonly (readonly [
    field: string,
    jsonName: string,
    optional: boolean,
    said: readonly string[],
  ])[] = [
    ["F int64 `json`", "F", false, ["10: `json`"]],
    ['F int64 `json:"f`', "F", false, ['10: `json:"f`']],
    ['F int64 `json:f"`', "F", false, ['10: `json:f"`']],
    ['F int64 `json:"f" form:g`', "f", false, ["19: `form:g`"]],
    ['F int64 `json:"f,optinal"`', "f", false, ['18: the option "optinal"']],
    ['F int64 `json:"f,option=1|2,optional"`', "f", true, ['18: the option "option=1|2"']],
    ['F int64 `json:"f, env=X"`', "f", false, ['19: the option "env=X"']],
    ['F int64 `json:"f,optional,optional"`', "f", true, ['27: a second option "optional"']],
    ['F int64 `json:"f" json:"g,optional"`', "f", false, ["19: a second json tag"]],
    ['F string `json:"f" pattern:"a" pattern:"b"`', "f", false, ["32: a second pattern tag"]],
    ['F int64 `json:"f,default = 1"`', "f", false, []],
  ];
  for (const [field, jsonName, optional, said] of cases)
    assert.deepEqual(readField(field), { jsonName, optional, said }, field);
});
