import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { ContractError } from "../emit/index.ts";
import { parseProto } from "./parse-proto.ts";

const HEAD = 'syntax = "proto3";\npackage pay;\n';
const TAIL = "\nmessage E {}\nservice Pay { rpc Ping(E) returns (E); }\n";

/** What the parser says of a contract, or of what comes between a right start and a right end. */
function errorOf(source: string): string {
  try {
    parseProto(source, "pay.proto");
  } catch (error) {
    assert.ok(error instanceof ContractError, String(error));
    return error.message;
  }
  return "no error";
}

const BETWEEN: readonly (readonly [string, string])[] = [
  [
    'import "other.proto";',
    '3:1: no file "other.proto": it is looked for beside the contract, and where -I says',
  ],
  ["message A {\n  B Other = 1;\n}", '4:5: no message "B" in this file or its imports'],
  ["message A {\n  other.E Other = 1;\n}", '4:11: no message "other.E" in this file or its imports'],
  ["message A {\n  int64 Id = 0;\n}", "4:9: field number 0 is not in 1..536870911"],
  ["message A {\n  int64 Id = 536870912;\n}", "4:9: field number 536870912 is not in 1..536870911"],
  ["message A {\n  int64 Id = 19000;\n}", "4:9: field numbers 19000..19999 belong to protobuf"],
  ["message A {\n  int64 Id = 1;\n  int64 id = 2;\n}", '5:9: a second field "id"'],
  ["message A {\n  int64 Id = 1;\n  int64 Uid = 1;\n}", "3:1: duplicate id 1 in Type A"],
  ["message A {\n  int64 Id = 1;\n  string Id = 2;\n}", "3:1: duplicate name 'Id' in Type A"],
  ["message E {}", "4:1: duplicate name 'E' in Namespace .pay"],
  ["message A {\n  int64 Id = ;\n}", "4:14: illegal id ';'"],
  ["message A {\n  int64 Id = 1\n}", "5:1: illegal token '}', ';' expected"],
];

for (const [text, expected] of BETWEEN) {
  test(`is refused with its place: ${text.replaceAll(/\s+/g, " ")}`, () => {
    assert.equal(errorOf(`${HEAD}${text}${TAIL}`), `pay.proto:${expected}`);
  });
}

const WHOLE: readonly (readonly [string, string])[] = [
  ["", '1:1: expected syntax = "proto3"; first'],
  ['// syntax = "proto3";\npackage pay;', '1:1: expected syntax = "proto3"; first'],
  ['syntax = "proto2";\npackage pay;', '1:1: expected syntax = "proto3"; first'],
  [`${HEAD}message A {}`, "1:1: expected a service"],
  [`${HEAD}message A {`, "3:1: illegal end of input"],
  [`${HEAD}message A {}\nservice S {\n  rpc Get(A) returns (A);\n //`, "6:1: illegal end of input"],
  [
    `${HEAD}message A {}\nservice Pay {\n  rpc Ping(A) returns (B);\n}`,
    '5:7: no message "B" in this file or its imports',
  ],
  [
    `${HEAD}message A {}\nservice Pay {\n  rpc GetURL(A) returns (A);\n  rpc GetUrl(A) returns (A);\n}`,
    "6:7: a second rpc for logic/get-url.ts",
  ],
  // As a web page shows it.
  ["syntax = “proto3”;\npackage pay;", `1:10: illegal token '“proto3”'; a string takes straight quotes: "…"`],
];

for (const [source, expected] of WHOLE) {
  test(`is refused with its place: ${source.replaceAll(/\s+/g, " ") || "an empty file"}`, () => {
    assert.equal(errorOf(source), `pay.proto:${expected}`);
  });
}

test("the tutorial's proto is accepted, its comments told from their echoes", async () => {
  const path = join(import.meta.dirname, "../testdata/proto/seed/pay.proto");
  const contract = parseProto(await readFile(path, "utf8"), "pay.proto");
  assert.equal(contract.packageName, "payclient");
  assert.deepEqual(
    contract.messages.map((message) => `${message.name} ${message.comment}`.trim()),
    [
      "CreateRequest 支付创建",
      "CreateResponse",
      "DetailRequest 支付详情",
      "DetailResponse",
      "CallbackRequest 支付详情",
      "CallbackResponse",
    ],
  );
  assert.equal(contract.services[0]?.comment, "");
});
