import { type KindCase, testKind } from "../emit/test-kind.ts";
import { generateModel } from "./index.ts";

/** Each kind of thing that is in other people's `.sql` files, in as few lines as have it, and what comes of it. */
interface Kind extends KindCase {
  /** A line of a table `item` with an id, or lines. */
  readonly line?: string;
  /** Or the whole contract. */
  readonly source?: string;
}

const tableOf = (line: string, options = ""): string =>
  `CREATE TABLE \`item\` (\n  \`id\` bigint NOT NULL AUTO_INCREMENT,\n  ${line}${line === "" ? "" : ",\n  "}PRIMARY KEY (\`id\`)\n)${options};\n`;

const KINDS: readonly Kind[] = [
  {
    kind: "what a dump has around its tables",
    source: `SET NAMES utf8mb4;\nCREATE DATABASE a;\nUSE a;\nDROP TABLE IF EXISTS item;\n${tableOf("a int NOT NULL")}INSERT INTO item VALUES (1, 'x;y');\n`,
    gives: ["export interface ItemRow {\n  id: number;\n  a: number;\n}", 'PRIMARY: "cache:item:id:"'],
  },
  { kind: "COLLATE of a column", line: "a varchar(9) COLLATE utf8mb4_bin NOT NULL", gives: ["a: string;"] },
  {
    kind: "CHARACTER SET of a column",
    line: "a varchar(9) CHARACTER SET utf8mb4 NOT NULL",
    gives: ["a: string;"],
  },
  {
    kind: "timestamp NOT NULL",
    line: "seen timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP",
    gives: ["seen: Date;", 'type: "time" }'],
  },
  ...["create_time", "create_at", "created_at"].map(
    (name): Kind => ({
      kind: `${name}, which the store sets`,
      line: `${name} datetime NOT NULL DEFAULT CURRENT_TIMESTAMP`,
      gives: ['managed: "created"'],
    }),
  ),
  ...["update_time", "update_at", "updated_at"].map(
    (name): Kind => ({
      kind: `${name}, which the store sets`,
      line: `${name} datetime NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP`,
      gives: ['managed: "updated"'],
    }),
  ),
  {
    kind: "decimal, exact",
    line: "a decimal(10,2) NOT NULL DEFAULT '1.50'",
    gives: ["a: string;", 'type: "decimal", precision: 10, scale: 2'],
  },
  {
    kind: "options of a table",
    source: tableOf(
      "",
      " ENGINE=InnoDB AUTO_INCREMENT=7 CHARACTER SET = utf8mb4 ROW_FORMAT=DYNAMIC COMMENT='x'",
    ),
    gives: ["export interface ItemRow {\n  id: number;\n}"],
  },
  {
    kind: "a primary key that is a text",
    source: "CREATE TABLE item (sn varchar(9) NOT NULL, PRIMARY KEY (sn));",
    gives: ['PRIMARY: "cache:item:sn:"', "TableModel<ItemRow, NewItemRow, ItemColumns, string>"],
  },
  {
    kind: "a primary key without AUTO_INCREMENT",
    source: "CREATE TABLE item (id bigint NOT NULL, PRIMARY KEY (id));",
    gives: ['PRIMARY: "cache:item:id:"', "export interface NewItemRow {\n  id: number;\n}"],
  },
  {
    kind: "a primary key at its column",
    source: "CREATE TABLE item (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY COMMENT 'x');",
    gives: ['managed: "id"'],
  },
  { kind: "double", line: "a double NOT NULL", gives: ["a: number;", 'type: "float"'] },
  { kind: "float", line: "a float NOT NULL", gives: ["a: number;", 'type: "float"'] },
  { kind: "date", line: "a date NOT NULL", gives: ["a: string;", 'type: "date"'] },
  { kind: "time", line: "a time NOT NULL", gives: ["a: string;", 'type: "text", lengthMax: 17'] },
  { kind: "year", line: "a year NOT NULL", gives: ["a: number;", "max: 2155"] },
  { kind: "json", line: "a json NOT NULL", gives: ["a: string;"] },
  { kind: "enum", line: "a enum('x','y') NOT NULL", gives: ['a: "x" | "y";', 'values: ["x", "y"]'] },
  { kind: "set", line: "a set('x','y') NOT NULL", gives: ["a: string;"] },
  { kind: "bit", line: "a bit(3) NOT NULL", gives: ["a: number;", "min: 0, max: 7"] },
  {
    kind: "binary, which is not cached",
    line: "a binary(16) NOT NULL",
    gives: ["a: Uint8Array;", 'type: "bytes", lengthMax: 16'],
    lacks: ["cache:item"],
  },
  {
    kind: "UNIQUE at its column",
    line: "a int NOT NULL UNIQUE",
    gives: ["findOneByA(a: number)", 'a: "cache:item:a:"'],
  },
  {
    kind: "a unique key over two columns",
    line: "a int NOT NULL,\n  b int NOT NULL,\n  UNIQUE KEY ab (a, b)",
    gives: ["findOneByAB(a: number, b: number)", 'ab: "cache:item:a:b:"'],
  },
  {
    kind: "a unique key over a column that may be NULL",
    line: "a varchar(9) DEFAULT NULL,\n  UNIQUE KEY a (a)",
    gives: [
      "findOneByA(a: string | null)",
      '{ property: "a", name: "A", nullStruct: "String" }',
      'a: "cache:item:a:"',
    ],
  },
  {
    kind: "two unique keys over one column",
    line: "a int NOT NULL,\n  UNIQUE KEY one (a),\n  UNIQUE KEY two (a)",
    gives: ["findOneByA: (a) =>"],
    lacks: ["findOneByA2"],
  },
  {
    kind: "a unique key over the primary key",
    line: "UNIQUE KEY again (id)",
    gives: ['PRIMARY: "cache:item:id:"'],
    lacks: ["findOneById"],
  },
  {
    kind: "a managed time that may be NULL",
    line: "create_time datetime DEFAULT NULL",
    gives: ["createTime: Date | null;", 'nullStruct: "Time"', 'managed: "created"'],
  },
  {
    kind: "a foreign key",
    line: "b bigint NOT NULL,\n  KEY b (b),\n  CONSTRAINT fk FOREIGN KEY (b) REFERENCES other (id) ON DELETE SET NULL",
    gives: ["b: number;"],
  },
  { kind: "a comment", line: "a int NOT NULL COMMENT '数量'", gives: ["  /** 数量 */\n  a: number;"] },
  {
    kind: "a generated column",
    line: "a int GENERATED ALWAYS AS (id + 1) STORED",
    refused: /item\.sql:3:\d+: a generated column is not supported/,
  },
  {
    kind: "a primary key of two columns",
    source: "CREATE TABLE item (a int NOT NULL, b int NOT NULL, PRIMARY KEY (a, b));",
    refused: /item\.sql:1:1: table `item` needs a PRIMARY KEY of one column/,
  },
  { kind: "a name with a blank", line: "`a b` int", refused: /item\.sql:3:\d+: name `a b` is not letters/ },
  {
    kind: "a file without a table",
    source: "SET NAMES utf8mb4;",
    refused: /item\.sql:1:1: expected CREATE TABLE/,
  },
];

for (const { line = "", source = tableOf(line), ...kind } of KINDS) {
  testKind(kind, () => {
    const contract = { source, fileName: "item.sql", name: "item", migrations: [], cache: true };
    // The model; what is made beside it repeats the contract.
    return { generated: generateModel(contract).generated.slice(0, 1), scaffolds: [] };
  });
}
