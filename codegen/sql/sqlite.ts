import { ContractError } from "../emit/index.ts";
import type { SqlChange } from "./change.ts";
import { managedRole, type SqlColumn, type SqlColumnType, type SqlKey, type SqlTable } from "./table.ts";

/**
 * A change in SQLite's dialect. What MySQL's types promise and SQLite's do not, its STRICT tables and
 * CHECKs hold; times are text that the program sets, for SQLite would write them in another form.
 *
 * @throws ContractError for a change that only MySQL can make.
 */
export function sqliteStatements(change: SqlChange, fileName: string): string[] {
  switch (change.kind) {
    case "create":
      return [
        createTable(change.created),
        ...change.created.keys.map((key) => createIndex(change.table, key)),
      ];
    case "add-column":
      return [addColumn(change, fileName)];
    case "add-key":
      return [createIndex(change.table, change.key)];
    case "drop-key":
      return [`DROP INDEX IF EXISTS ${indexName(change.table, change.key)}`];
  }
}

function createTable(table: SqlTable): string {
  const columns = table.columns
    .map((column) => `  ${columnText(column, column.name === table.primaryKey)}`)
    .join(",\n");
  return `CREATE TABLE IF NOT EXISTS ${quoted(table.name)} (\n${columns}\n) STRICT`;
}

function addColumn(change: Extract<SqlChange, { kind: "add-column" }>, fileName: string): string {
  const { column } = change;
  const fail = (detail: string): never => {
    throw new ContractError(fileName, column.position, detail);
  };
  if (column.autoIncrement) fail("an AUTO_INCREMENT column cannot be added");
  if (column.type.kind === "time" && managedRole(column) === undefined && !column.nullable) {
    fail("an added time column must be NULL: rows that exist have none");
  }
  if (column.type.kind !== "time" && !column.nullable && column.defaultValue === undefined) {
    fail("an added column must be NULL or have a DEFAULT: rows that exist have none");
  }
  return `ALTER TABLE ${quoted(change.table)} ADD COLUMN ${columnText(column)}`;
}

const SQLITE_TYPES = {
  integer: "INTEGER",
  boolean: "INTEGER",
  text: "TEXT",
  decimal: "TEXT",
  date: "TEXT",
  time: "TEXT",
  float: "REAL",
  bytes: "BLOB",
} as const;

function columnText(column: SqlColumn, primary = false): string {
  const name = quoted(column.name);
  if (column.autoIncrement) return `${name} INTEGER PRIMARY KEY AUTOINCREMENT`;
  const { type, defaultValue } = column;
  const parts = [name, SQLITE_TYPES[type.kind]];
  if (primary) parts.push("PRIMARY KEY");
  if (!column.nullable && managedRole(column) === undefined) parts.push("NOT NULL");
  if (typeof defaultValue === "number") parts.push(`DEFAULT ${defaultValue}`);
  if (typeof defaultValue === "string" && type.kind !== "time")
    parts.push(`DEFAULT ${sqlText(defaultText(type, defaultValue))}`);
  if (type.kind === "text" && type.values !== undefined)
    parts.push(`CHECK (${name} IN (${type.values.map(sqlText).join(", ")}))`);
  if (type.kind === "boolean") parts.push(`CHECK (${name} IN (0, 1))`);
  if (type.kind === "integer") parts.push(`CHECK (${name} BETWEEN ${type.min} AND ${type.max})`);
  return parts.join(" ");
}

function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A decimal with all the digits of its column, as rows have it. */
function defaultText(type: SqlColumnType, text: string): string {
  if (type.kind !== "decimal") return text;
  const [whole = "0", fraction = ""] = text.replace(/^\+/, "").split(".");
  return type.scale === 0 ? whole : `${whole}.${fraction.slice(0, type.scale).padEnd(type.scale, "0")}`;
}

/** SQLite's index names share one space, MySQL's are the table's own: so the table's name goes in front. */
function createIndex(table: string, key: SqlKey): string {
  const columns = key.columns.map(quoted).join(", ");
  const start = key.unique ? "CREATE UNIQUE INDEX" : "CREATE INDEX";
  const where = key.only === undefined ? "" : ` WHERE ${quoted(key.only.column)} = ${key.only.value}`;
  return `${start} IF NOT EXISTS ${indexName(table, key.name)} ON ${quoted(table)} (${columns})${where}`;
}

function indexName(table: string, key: string): string {
  return quoted(`${table}_${key}`);
}

/** No name holds a quote, so none needs an escape; quotes admit `order`, `desc`, and commas in a key's name. */
function quoted(name: string): string {
  return `"${name}"`;
}
