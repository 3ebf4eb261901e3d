import fc from "fast-check";

const TYPES = [
  "bigint",
  "bigint(20) unsigned",
  "int",
  "tinyint(1)",
  "smallint unsigned",
  "varchar(9)",
  "char(3)",
  "text",
  "decimal(10,2)",
  "double",
  "float",
  "datetime",
  "timestamp",
  "date",
  "time",
  "json",
  "enum('a','b')",
  "varbinary(9)",
  "boolean",
];
const ATTRIBUTES = [
  "NOT NULL",
  "NULL",
  "DEFAULT NULL",
  "NOT NULL COMMENT 'it''s'",
  "COLLATE utf8mb4_bin NOT NULL",
  "",
];
const NAMES = ["a", "user_id", "type", "CamelCase", "created_at", "update_time", "x2_y"];
const PRIMARY = [
  "bigint NOT NULL AUTO_INCREMENT",
  "bigint unsigned NOT NULL AUTO_INCREMENT COMMENT 'it'",
  "int(11) NOT NULL AUTO_INCREMENT",
  "bigint NOT NULL",
  "varchar(32) NOT NULL",
  "char(36) NOT NULL DEFAULT ''",
];
const HEADS = [
  "",
  "SET NAMES utf8mb4;\nSET FOREIGN_KEY_CHECKS = 0;\n",
  "-- a comment\nDROP TABLE IF EXISTS `it_em`;\n",
  "/*!40101 SET NAMES utf8 */;\n",
];
const TAILS = [
  "",
  " ENGINE=InnoDB",
  " ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='it'",
  " ENGINE = InnoDB CHARACTER SET = utf8mb4 ROW_FORMAT = Dynamic",
];

function columnLine(name: string): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...TYPES), fc.constantFrom(...ATTRIBUTES))
    .map(([type, attribute]) => `  \`${name}\` ${type} ${attribute}`.trimEnd());
}

function keyLine(names: readonly string[]): fc.Arbitrary<string> {
  const columns = fc.subarray([...names], { minLength: 1, maxLength: 2 });
  return fc
    .tuple(
      fc.constantFrom("UNIQUE KEY", "UNIQUE INDEX", "KEY", "INDEX"),
      columns,
      fc.constantFrom("", " USING BTREE"),
    )
    .map(([word, of, how]) => {
      const name = `k_${of.join("_")}_${word.length}`;
      return `  ${word} \`${name}\` (${of.map((column) => `\`${column}\``).join(",")})${how}`;
    });
}

function nameOf(line: string): string | undefined {
  return /`(\w+)`/.exec(line)?.[1];
}

/** A file with one table, mostly right. */
export const sqlContract: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(...HEADS),
    fc.constantFrom("it_em", "item", "ItemTable"),
    fc.constantFrom("id", "sn"),
    fc.constantFrom(...PRIMARY),
    fc.subarray(NAMES, { minLength: 1, maxLength: 4 }),
    fc.constantFrom(...TAILS),
  )
  .chain(([head, table, id, primary, names, tail]) => {
    const keys = fc.uniqueArray(keyLine([id, ...names]), { maxLength: 3, selector: nameOf });
    return fc.tuple(fc.tuple(...names.map(columnLine)), keys).map(([columns, found]) => {
      const lines = [`  \`${id}\` ${primary}`, ...columns, `  PRIMARY KEY (\`${id}\`)`, ...found];
      return `${head}CREATE TABLE \`${table}\` (\n${lines.join(",\n")}\n)${tail};\n`;
    });
  });
