import type { Random } from "./random.ts";

const TYPES = [
  "int64",
  "string",
  "bool",
  "float64",
  "any",
  "[]byte",
  "[]string",
  "[3]int",
  "map[string]int",
  "*A",
  "[]*B",
];
const TAGS = [
  "",
  '`json:"x"`',
  '`json:"x,optional"`',
  '`form:"x,default=1"`',
  '`path:"x"`',
  '`header:"X-Y,optional"`',
  '`json:"x,options=a|b"`',
  '`json:"x" validate:"required,max=9"`',
  '`json:"-"`',
];

function lines(random: Random, most: number, line: (index: number) => string): string {
  return Array.from({ length: random.below(most) }, (_, index) => line(index)).join("\n");
}

/** A `.api` contract, often with a mistake in what its parts say of each other. */
export function apiText(random: Random): string {
  const field = (index: number): string =>
    `  F${index} ${random.pick(TYPES)} ${random.pick(TAGS).replace("x", `x${index}`)} // f${index}`;
  const server = random.pick([
    "",
    "@server (\n prefix: /v1\n middleware: A, B\n timeout: 3s\n)\n",
    "@server(jwt: Auth)\n",
  ]);
  const route = (index: number): string =>
    `  @doc "d"\n  @handler h${index}\n  ${random.pick(["get", "post", "delete"])} /p${index}/:x0 ${random.pick(["", "(A)"])} ${random.pick(["", "returns (B)", "returns ([]B)"])}`;
  return `syntax = "v1"\ninfo ( title: "t" )\ntype A {\n${lines(random, 6, field)}\n}\ntype (\n B {\n${lines(random, 6, field)}\n }\n)\n${server}service s-api {\n${lines(random, 5, route)}\n}\n`;
}

const COLUMN_TYPES = [
  "bigint(20) unsigned",
  "varchar(9)",
  "decimal(10,2)",
  "datetime",
  "enum('a','b')",
  "json",
  "bit(1)",
  "date",
];
const ATTRIBUTES = [
  "NOT NULL",
  "DEFAULT NULL",
  "COMMENT 'it''s'",
  "UNIQUE",
  "DEFAULT '1'",
  "COLLATE utf8mb4_bin",
  "",
];

/** A dump of one table. */
export function sqlText(random: Random): string {
  const column = (index: number): string =>
    `  \`c${index}\` ${random.pick(COLUMN_TYPES)} ${random.pick(ATTRIBUTES)} ${random.pick(ATTRIBUTES)},`;
  const key = random.pick([
    "",
    ",\n  UNIQUE KEY `u` (`c0`) USING BTREE",
    ",\n  KEY (`c1`)",
    ",\n  CONSTRAINT f FOREIGN KEY (c0) REFERENCES d (e)",
  ]);
  return `/*!40101 SET NAMES utf8 */;\nSET NAMES utf8mb4;\nDROP TABLE IF EXISTS \`t\`;\nCREATE TABLE \`t\` (\n  \`id\` bigint NOT NULL AUTO_INCREMENT,\n${lines(random, 6, column)}\n  PRIMARY KEY (\`id\`)${key}\n) ENGINE=InnoDB AUTO_INCREMENT=7;\nINSERT INTO t VALUES (1, 'a;\\'b');\n`;
}

const FIELDS = [
  "int64 a",
  "repeated string a",
  "map<string, A> a",
  "optional float a",
  "E a",
  "google.protobuf.Timestamp a",
  "B a",
];

/** A `.proto` contract. */
export function protoText(random: Random): string {
  const field = (index: number): string => `  ${random.pick(FIELDS)}${index} = ${index + 1};`;
  const nested = random.pick([
    "",
    "  oneof o { int64 x = 90; A y = 91; }\n",
    "  message In { int64 z = 1; }\n",
  ]);
  const header = random.pick(['import "google/protobuf/timestamp.proto";\n', ""]);
  return `syntax = "proto3";\npackage p;\n${header}enum E { ZERO = 0; }\nmessage A {\n${lines(random, 6, field)}\n${nested}}\nmessage B {}\nservice S {\n  rpc Get(A) returns (B);\n  ${random.pick(["", "rpc get(B) returns (A);", "rpc Watch(A) returns (stream B);"])}\n}\n`;
}

const PIECES = [
  "(",
  ")",
  "{",
  "}",
  "`",
  '"',
  "'",
  ",",
  ";",
  "/*",
  "//",
  "\r\n",
  "\0",
  "\uFEFF",
  "支",
  "\u{1F600}",
  "[",
  "[]",
  "*",
  "\\",
  "=",
  "-- ",
];

/** The text with one to three places of it taken out, doubled, or spoilt. */
export function mutated(random: Random, text: string): string {
  let changed = text;
  for (let count = random.below(3) + 1; count > 0; count -= 1) {
    const at = random.below(changed.length + 1);
    const end = Math.min(changed.length, at + random.below(12));
    const part = changed.slice(at, end);
    const instead = random.pick(["", part + part, random.pick(PIECES), part.repeat(random.below(40))]);
    changed = changed.slice(0, at) + instead + changed.slice(end);
  }
  return changed;
}
