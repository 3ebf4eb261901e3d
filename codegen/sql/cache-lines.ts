import { camelCase, pascalCase } from "../emit/index.ts";
import type { SqlColumn, SqlKey, SqlTable } from "./table.ts";

/** go-zero's struct for a column that may be NULL. */
const NULL_STRUCTS = {
  integer: "Int64",
  text: "String",
  time: "Time",
  date: "Time",
  decimal: "Float64",
  float: "Float64",
  boolean: "Bool",
  bytes: undefined,
} as const;

/** So many digits of a decimal stay as they are in Go's float64. */
const EXACT_DIGITS = 15;

/**
 * Rows with bytes are not kept in Redis: Go's model has another form for them, and they are large. Nor are those with
 * decimals that Go's model, which has floats for them, would not tell exactly.
 */
export function mayBeCached(table: SqlTable): boolean {
  return table.columns.every(
    ({ type }) => type.kind !== "bytes" && !(type.kind === "decimal" && type.precision > EXACT_DIGITS),
  );
}

/** How a table's rows are kept in Redis. */
export interface CachedColumns {
  /** The columns as they came to the table, so that rows start as a Go process writes them. */
  readonly history: readonly string[];
  /** What its keys start with. */
  readonly prefix: string;
}

/** The `cache` part of a table's definition: what goctl's cached model of it keeps in Redis. */
export function cacheLines(
  table: SqlTable,
  uniqueKeys: readonly SqlKey[],
  { history, prefix }: CachedColumns,
): string[] {
  const columns = history.flatMap((name) => table.columns.find((column) => column.name === name) ?? []);
  const cached = uniqueKeys.filter((key) => key.columns.every((name) => isKeyText(table, name)));
  return [
    "  cache: {",
    "    fields: [",
    ...columns.map((column) => `      { ${fieldParts(column).join(", ")} },`),
    "    ],",
    "    prefixes: {",
    `      PRIMARY: "${keyStart(prefix, table, [table.primaryKey])}",`,
    ...cached.map((key) => `      ${key.name}: "${keyStart(prefix, table, key.columns)}",`),
    "    },",
    "  },",
  ];
}

function fieldParts(column: SqlColumn): string[] {
  const wrapped = column.nullable && column.defaultValue === undefined && !column.declared.startsWith("bit");
  return [
    `property: "${camelCase(column.name)}"`,
    `name: "${pascalCase(column.name)}"`,
    ...(wrapped ? [`nullStruct: "${NULL_STRUCTS[column.type.kind]}"`] : []),
  ];
}

/** `cache:<table>:<column>[:<column>…]:`, to which goctl's models add the values, joined in the same way. */
function keyStart(prefix: string, table: SqlTable, columns: readonly string[]): string {
  return `${prefix}:${[table.name, ...columns].map(camelCase).join(":")}:`;
}

/** Go writes times into keys in a form that has no use here. */
function isKeyText(table: SqlTable, name: string): boolean {
  const kind = table.columns.find((column) => column.name === name)?.type.kind;
  return kind !== "time" && kind !== "date";
}
