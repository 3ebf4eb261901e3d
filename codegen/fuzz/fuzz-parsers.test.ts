import assert from "node:assert/strict";
import { test } from "node:test";
import { parseApi } from "../api/parse.ts";
import { ContractError } from "../emit/index.ts";
import { parseProto } from "../proto/parse-proto.ts";
import { parseSql } from "../sql/parse-sql.ts";
import { cpuMs } from "./cpu-time.ts";
import { fuzzParsers, INPUT_MS_MAX } from "./fuzz-parsers.ts";

const INPUTS = 10_000;

test(`${INPUTS} inputs of a grammar, most of them broken, are read or refused with a place, each in time`, () => {
  const seed = Date.now() % 2 ** 31;
  const { slowest, accepted } = fuzzParsers(seed, INPUTS);
  assert.ok(accepted > 0 && accepted < INPUTS, `seed ${seed}: ${accepted} accepted`);
  const { ms, text } = slowest;
  assert.ok(ms < INPUT_MS_MAX, `seed ${seed}: ${JSON.stringify(text)} takes ${ms} ms of CPU`);
});

const LONG_MS_MAX = 1000;

for (const { what, text, parse } of [
  { what: "a .api of comments that do not close", text: "/*".repeat(100_000), parse: parseApi },
  { what: "a .api of comments", text: "/**/".repeat(200_000), parse: parseApi },
  { what: "a .api of signs that are no letters", text: "\u{1F600}".repeat(50_000), parse: parseApi },
  {
    what: "a dump of procedures that do not end",
    text: "DELIMITER x\n".repeat(25_000),
    parse: (source: string, name: string) => parseSql(source, name, { dump: true }),
  },
  {
    what: "a table of keys without names",
    text: `CREATE TABLE t (id int PRIMARY KEY, ${"KEY (id), ".repeat(20_000)} a int);`,
    parse: parseSql,
  },
  {
    what: "a .proto of imports that are not there",
    text: `syntax = "proto3";\n${'import "a";\n'.repeat(20_000)}`,
    parse: parseProto,
  },
])
  test(`${what} takes time as it is long`, () => {
    const ms = cpuMs(() => readOrRefuse(() => parse(text, "long")));
    assert.ok(ms < LONG_MS_MAX, `${ms} ms of CPU`);
  });

function readOrRefuse(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof ContractError);
  }
}
