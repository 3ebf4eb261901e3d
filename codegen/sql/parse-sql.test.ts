import assert from "node:assert/strict";
import { test } from "node:test";
import { ContractError } from "../emit/index.ts";
import { parseSql } from "./parse-sql.ts";
import { managedRole, NOW, type SqlTable } from "./table.ts";

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

test("every type of goctl's has its limits, a decimal its digits", () => {
  const read = (definition: string): unknown => tableOf(column(definition)).columns[1]?.type;
  assert.deepEqual(read("a decimal(10,2)"), { kind: "decimal", precision: 10, scale: 2 });
  assert.deepEqual(read("a DEC"), { kind: "decimal", precision: 10, scale: 0 });
  assert.deepEqual(read("a double(10,2) unsigned"), { kind: "float" });
  assert.deepEqual(read("a double precision"), { kind: "float" });
  assert.deepEqual(read("a enum('x','it''s') NOT NULL"), {
    kind: "text",
    lengthMax: 4,
    values: ["x", "it's"],
  });
  assert.deepEqual(read("a set('x','y')"), { kind: "text", lengthMax: 16_383 });
  assert.deepEqual(read("a json"), { kind: "text", lengthMax: 1_073_741_823 });
  assert.deepEqual(read("a bit(3) DEFAULT b'101'"), { kind: "integer", min: 0, max: 7 });
  assert.deepEqual(read("a bool DEFAULT true"), { kind: "boolean" });
  assert.deepEqual(read("a date"), { kind: "date" });
  assert.deepEqual(read("a time(3)"), { kind: "text", lengthMax: 17 });
  assert.deepEqual(read("a year(4)"), { kind: "integer", min: 0, max: 2155 });
  assert.deepEqual(read("a varbinary(16)"), { kind: "bytes", lengthMax: 16 });
  assert.deepEqual(read("a timestamp(6) NOT NULL"), { kind: "time", wall: false, digits: 6 });
});

const ACCEPTED: readonly string[] = [
  "a int unsigned zerofill",
  "a varchar(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'x'",
  "a int CHECK (a > (1)) NOT NULL",
  "a int REFERENCES b (c) ON DELETE SET NULL ON UPDATE NO ACTION",
  "a timestamp NULL DEFAULT CURRENT_TIMESTAMP",
  "a timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3)",
  "created_at datetime NOT NULL DEFAULT NOW()",
  "a datetime DEFAULT '1970-01-01 00:00:00'",
  "a varchar(9), KEY b USING BTREE (a(4) DESC) USING BTREE COMMENT 'why'",
  "a text, FULLTEXT KEY b (a) WITH PARSER ngram",
  "a int, CONSTRAINT b FOREIGN KEY (a) REFERENCES c (d) ON DELETE CASCADE",
  "a int, CONSTRAINT CHECK (a > 1)",
  "`key` int",
];

for (const definition of ACCEPTED) {
  test(`is accepted: ${definition}`, () => assert.equal(errorOf(column(definition)), "no error"));
}

test("a key without a name has MySQL's, one at its column too", () => {
  const { keys } = tableOf(column("a int UNIQUE,\n  KEY (a), UNIQUE (a, id), CONSTRAINT c UNIQUE (id, a)"));
  assert.deepEqual(keys, [
    { name: "a", unique: true, columns: ["a"] },
    { name: "a_2", unique: false, columns: ["a"] },
    { name: "a_3", unique: true, columns: ["a", "id"] },
    { name: "c", unique: true, columns: ["id", "a"] },
  ]);
});

test("goctl's names of managed times are managed, and so is what ON UPDATE sets", () => {
  const roleOf = (definition: string): unknown => {
    const [, read] = tableOf(column(definition)).columns;
    return read && managedRole(read);
  };
  for (const name of ["create_at", "created_at", "create_time"])
    assert.equal(roleOf(`${name} datetime`), "created");
  for (const name of ["update_at", "updated_at", "update_time"])
    assert.equal(roleOf(`${name} datetime`), "updated");
  assert.equal(roleOf("seen datetime ON UPDATE CURRENT_TIMESTAMP"), "updated");
  assert.equal(roleOf("create_time bigint"), undefined);
});

test("a dump is its tables: all that stands around them is passed over", () => {
  const dump = [
    "/*!40101 SET NAMES utf8 */;\r",
    "SET NAMES utf8mb4;\r",
    "SET FOREIGN_KEY_CHECKS = 0;",
    "CREATE DATABASE IF NOT EXISTS shop;",
    "use 12306_order;",
    "DROP TABLE IF EXISTS `a`;",
    `CREATE TABLE shop.\`a\` (${ID}) ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb4 ROW_FORMAT=DYNAMIC;`,
    "LOCK TABLES `a` WRITE;",
    "/*!40000 ALTER TABLE `a` DISABLE KEYS */;",
    "INSERT INTO `a` VALUES (1,'it\\'s; --\nnot over'),(2,\"x\");",
    "UNLOCK TABLES;",
    "DELIMITER ;;",
    "CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END ;;",
    "DELIMITER ;",
    "CREATE INDEX b ON a (id);",
  ].join("\n");
  const statements = parseSql(dump, "dump.sql", { dump: true });
  assert.deepEqual(
    statements.map(({ changes }) => changes.map(({ kind, table }) => `${kind} ${table}`)),
    [["create a"], ["add-key a"]],
  );
});

test("foreign keys and checks that stand behind their tables are passed over", () => {
  const added =
    "ALTER TABLE a ADD CONSTRAINT x FOREIGN KEY (b) REFERENCES c (id) ON DELETE CASCADE ON UPDATE NO ACTION,\n" +
    " ADD FOREIGN KEY (b) REFERENCES c (id), ADD CONSTRAINT y CHECK (b > 0), ADD KEY k (b);";
  assert.deepEqual(
    parseSql(added, "a.sql").flatMap(({ changes }) => changes.map(({ kind }) => kind)),
    ["add-key"],
  );
});

const COLUMNS: readonly (readonly [string, string])[] = [
  ["a varchar(65536)", "2:5: the length of varchar must be 1..65535"],
  ["a char(256)", "2:5: the length of char must be 1..255"],
  ["a enum", "2:5: an enum names its values"],
  ["a bit(64)", "2:5: a bit column has at most 53 bits"],
  ["a tinyint unsigned DEFAULT 256", "2:3: DEFAULT 256 is not in 0..255"],
  ["a int DEFAULT 'x'", "2:3: DEFAULT x is not an integer"],
  ["a int DEFAULT ''", "2:3: DEFAULT  is not an integer"],
  ["a int DEFAULT 1.5", "2:3: DEFAULT 1.5 is not an integer"],
  ["a decimal(5,2) DEFAULT 'x'", "2:3: DEFAULT x is not a decimal number"],
  ["a enum('x') DEFAULT 'y'", "2:3: DEFAULT y is not a value of the enum"],
  [
    "a bigint DEFAULT 9223372036854775807",
    "2:3: DEFAULT 9223372036854775807 is not in -9007199254740991..9007199254740991",
  ],
  ["a varchar(2) DEFAULT 'abc'", "2:3: DEFAULT is longer than 2 characters"],
  ["a varchar(9) DEFAULT (uuid())", "2:3: this DEFAULT is not supported"],
  ["a timestamp NULL DEFAULT 'now'", "2:3: DEFAULT now is not a time"],
  ["a int DEFAULT CURRENT_TIMESTAMP", "2:3: CURRENT_TIMESTAMP is a DEFAULT of times"],
  ["`a b` int", "2:3: name `a b` is not letters, digits and underscores"],
  ["a int, UNIQUE KEY `a,b` (a)", "2:21: name `a,b` is not letters, digits and underscores"],
  ['a int, KEY `a"b` (a)', '2:14: name `a"b` is not letters, digits and underscores'],
  ["a varchar(9), UNIQUE KEY b (a(4))", "2:31: a prefix length in a unique key is not supported"],
  ["a int, KEY b ((a + 1))", "2:17: an expression in a key is not supported"],
  [
    "a int, KEY b (a) COMMENT 'sqlite: where a = 1'",
    "2:17: a key's comment for SQLite is: sqlite: only where COLUMN = NUMBER",
  ],
  ["a int GENERATED ALWAYS AS (id + 1) STORED", "2:9: a generated column is not supported"],
  ["a nothing", "2:5: type nothing is not supported"],
  ["a int NOTHING", '2:9: found "NOTHING", expected an attribute of a column, a comma or a bracket'],
  ["a int,", '3:1: found ")", expected the name of a column'],
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
  ["ALTER TABLE a ADD PRIMARY KEY (b)", "1:19: only columns and keys can be added"],
  ["ALTER TABLE a DROP PRIMARY KEY", "1:1: ALTER TABLE DROP PRIMARY is not supported"],
  ["ALTER TABLE a ENGINE=InnoDB", "1:1: ALTER TABLE ENGINE is not supported"],
  ["CREATE FULLTEXT INDEX a ON b (c)", "1:1: CREATE FULLTEXT is not supported"],
  ["CREATE TABLE a LIKE b", '1:16: found "LIKE", expected "(": a table is written out in full'],
  [`CREATE TEMPORARY TABLE a (${ID})`, "1:1: CREATE TEMPORARY is not supported"],
  ["CREATE TABLE a (id int)", "1:1: table `a` needs a PRIMARY KEY of one column"],
  [`CREATE TABLE a (${ID}, b int, PRIMARY KEY (b))`, "1:1: table `a` needs a PRIMARY KEY of one column"],
  ["CREATE TABLE a (id int, PRIMARY KEY (b))", "1:1: table `a` has no column `b` for its PRIMARY KEY"],
  ["CREATE TABLE a (id date PRIMARY KEY)", "1:1: table `a` needs a PRIMARY KEY that is an integer or a text"],
  [
    "CREATE TABLE a (id int PRIMARY KEY, n int AUTO_INCREMENT)",
    "1:1: table `a` has an AUTO_INCREMENT column that is not its PRIMARY KEY",
  ],
  ["CREATE TABLE a (\n  id int", '2:9: found the end of the statement, expected "," or ")"'],
  ["SELECT 'a\n", "1:8: the string is not closed"],
  ["CREATE TABLE `a\n`", "1:14: a quoted name must end on its line"],
  ["/* no end", "1:1: the comment is not closed"],
  ["\n /*!40101 SET NAMES utf8 */;", "2:2: executable comments are not supported"],
];

for (const [source, expected] of FILES) {
  test(`is refused with its place: ${source.replaceAll(/\s+/g, " ")}`, () => {
    assert.equal(errorOf(source), `pay.sql:${expected}`);
  });
}
