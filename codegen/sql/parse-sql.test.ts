import assert from "node:assert/strict";
import { test } from "node:test";
import { ContractError } from "../emit/index.ts";
import { parseSql } from "./parse-sql.ts";
import { NOW, type SqlTable } from "./table.ts";

function errorOf(source: string): string {
  try {
    parseSql(source, "pay.sql");
  } catch (error) {
    assert.ok(error instanceof ContractError, String(error));
    return error.message;
  }
  return "no error";
}

function tableOf(source: string): SqlTable {
  const change = parseSql(source, "pay.sql")[0]?.changes[0];
  assert.ok(change?.kind === "create");
  return change.created;
}

const ID = "`id` bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY";
const column = (definition: string): string => `CREATE TABLE pay (${ID},\n  ${definition}\n)`;

test("an integer column has the bounds of its type, a bigint those of a safe integer", () => {
  const bounds = (type: string): string => {
    const read = tableOf(column(`a ${type}`)).columns[1]?.type;
    return read?.kind === "integer" ? `${read.min}..${read.max}` : "not an integer";
  };
  assert.equal(bounds("tinyint"), "-128..127");
  assert.equal(bounds("tinyint(3) unsigned"), "0..255");
  assert.equal(bounds("smallint"), "-32768..32767");
  assert.equal(bounds("smallint unsigned"), "0..65535");
  assert.equal(bounds("mediumint"), "-8388608..8388607");
  assert.equal(bounds("mediumint unsigned"), "0..16777215");
  assert.equal(bounds("int"), "-2147483648..2147483647");
  assert.equal(bounds("INTEGER UNSIGNED"), "0..4294967295");
  assert.equal(bounds("bigint(20)"), "-9007199254740991..9007199254740991");
  assert.equal(bounds("bigint unsigned"), "0..9007199254740991");
});

test("a column's default and comment are the texts that MySQL stores", () => {
  const read = (definition: string): unknown => tableOf(column(definition)).columns[1]?.defaultValue;
  assert.equal(read("a int NOT NULL DEFAULT '7'"), 7);
  assert.equal(read("a int NOT NULL DEFAULT -7"), -7);
  assert.equal(read("a int DEFAULT NULL"), undefined);
  assert.equal(read("a int"), undefined);
  assert.equal(read("a varchar(9) DEFAULT ''"), "");
  assert.equal(read(String.raw`a varchar(99) DEFAULT 'it''s\n\\n \'x""\''`), "it's\n\\n 'x\"\"'");
  assert.equal(read(`a varchar(9) DEFAULT "a""b''"`), `a"b''`);
  assert.equal(read("create_time timestamp NULL DEFAULT CURRENT_TIMESTAMP"), NOW);
  assert.equal(tableOf(column("a int COMMENT 'it''s; --'")).columns[1]?.comment, "it's; --");
});

const COLUMNS: readonly (readonly [string, string])[] = [
  ["a decimal(10,2)", "2:3: scale of type decimal is not supported"],
  ["a float", "2:3: type float is not supported"],
  ["a enum('x')", "2:3: expr of type enum is not supported"],
  ["a int unsigned zerofill", "2:3: zerofill is not supported"],
  ["a varchar(16384)", "2:3: the length of varchar must be 1..16383"],
  ["a char(256)", "2:3: the length of char must be 1..255"],
  ["a varchar(9) COLLATE utf8mb4_bin", "2:3: collate of a column is not supported"],
  ["a int CHECK (a > 1)", "2:3: check of a column is not supported"],
  ["a int UNIQUE", "2:3: unique of a column is not supported"],
  ["a int GENERATED ALWAYS AS (id + 1)", "2:3: generated of a column is not supported"],
  ["a int REFERENCES b (c)", "2:3: reference definition of a column is not supported"],
  ["a tinyint unsigned DEFAULT 256", "2:3: DEFAULT 256 is not in 0..255"],
  ["a int DEFAULT 'x'", "2:3: DEFAULT x is not an integer"],
  ["a int DEFAULT ''", "2:3: DEFAULT  is not an integer"],
  ["a int DEFAULT 1.5", "2:3: DEFAULT 1.5 is not an integer"],
  [
    "a bigint DEFAULT 9223372036854775807",
    "2:3: DEFAULT 9223372036854775807 is not in -9007199254740991..9007199254740991",
  ],
  ["a varchar(2) DEFAULT 'abc'", "2:3: DEFAULT is longer than 2 characters"],
  ["a varchar(9) DEFAULT (uuid())", "2:3: this DEFAULT is not supported"],
  ["a timestamp NULL DEFAULT '2020-01-01'", "2:3: a time takes no DEFAULT but CURRENT_TIMESTAMP"],
  [
    "a timestamp NULL DEFAULT CURRENT_TIMESTAMP",
    "2:3: DEFAULT CURRENT_TIMESTAMP is for create_time and update_time only",
  ],
  [
    "create_time timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP",
    "2:3: ON UPDATE CURRENT_TIMESTAMP is for update_time only",
  ],
  [
    "a timestamp NOT NULL",
    "2:3: a timestamp says NULL, or some servers set it at every update; or take datetime",
  ],
  ["a timestamp", "2:3: a timestamp says NULL, or some servers set it at every update; or take datetime"],
  ["`a b` int", "2:3: name `a b` is not letters, digits and underscores"],
  ["a int, KEY (a)", "2:15: a key must have a name"],
  ["a varchar(9), KEY b (a(4))", "2:24: a prefix length in a key is not supported"],
  ["a int, KEY b (a DESC)", "2:17: DESC in a key is not supported"],
  ["a int, KEY b ((a + 1))", "2:18: an expression in a key is not supported"],
  [
    "a int, KEY b (a) COMMENT 'sqlite: where a = 1'",
    "2:17: a key's comment for SQLite is: sqlite: only where COLUMN = NUMBER",
  ],
  ["a text, FULLTEXT KEY b (a)", "2:27: fulltext key is not supported"],
  ["a int, CONSTRAINT b FOREIGN KEY (a) REFERENCES c (d)", "2:36: FOREIGN KEY is not supported"],
  ["a nothing", '2:5: unexpected "n"'],
  ["a int,", '3:1: unexpected ")"'],
];

for (const [definition, expected] of COLUMNS) {
  test(`is refused with its place: ${definition}`, () => {
    assert.equal(errorOf(column(definition)), `pay.sql:${expected}`);
  });
}

const FILES: readonly (readonly [string, string])[] = [
  ["-- why\n\nDROP TABLE pay;", "3:1: DROP TABLE is not supported"],
  ["INSERT INTO pay VALUES (1)", "1:1: INSERT is not supported"],
  [`CREATE TABLE a (${ID});\n ALTER TABLE a DROP COLUMN b`, "2:2: ALTER TABLE DROP COLUMN is not supported"],
  ["ALTER TABLE a MODIFY COLUMN b int", "1:1: ALTER TABLE MODIFY COLUMN is not supported"],
  ["ALTER TABLE a ADD PRIMARY KEY (b)", "1:32: primary key is not supported"],
  ["ALTER TABLE a DROP PRIMARY KEY", "1:1: DROP PRIMARY KEY is not supported"],
  ["ALTER TABLE a ENGINE=InnoDB", "1:1: ALTER TABLE ENGINE is not supported"],
  ["CREATE FULLTEXT INDEX a ON b (c)", "1:1: fulltext index is not supported"],
  ["CREATE TABLE a LIKE b", "1:1: like of a table is not supported"],
  [`CREATE TEMPORARY TABLE a (${ID})`, "1:1: temporary of a table is not supported"],
  [`CREATE TABLE a (${ID}) AUTO_INCREMENT=7`, "1:1: table option auto_increment is not supported"],
  [`CREATE TABLE shop.a (${ID})`, "1:1: a database name before the table is not supported"],
  ["CREATE TABLE a (id int)", "1:1: table `a` needs one AUTO_INCREMENT column as PRIMARY KEY"],
  ["CREATE TABLE a (id int PRIMARY KEY)", "1:1: table `a` needs one AUTO_INCREMENT column as PRIMARY KEY"],
  [
    `CREATE TABLE a (${ID}, b int, PRIMARY KEY (b))`,
    "1:1: table `a` needs one AUTO_INCREMENT column as PRIMARY KEY",
  ],
  ["CREATE TABLE a (\n  id int", "2:9: unexpected the end of the statement"],
  ["SELECT 'a\n'", "1:8: a string must end on its line"],
  ["CREATE TABLE `a\n`", "1:14: a quoted name must end on its line"],
  ["/* no end", "1:1: the comment is not closed"],
  ["\n /*!40101 SET NAMES utf8 */;", "2:2: executable comments are not supported"],
];

for (const [source, expected] of FILES) {
  test(`is refused with its place: ${source.replaceAll(/\s+/g, " ")}`, () => {
    assert.equal(errorOf(source), `pay.sql:${expected}`);
  });
}
