import { ContractError, camelCase } from "../emit/index.ts";
import type { SqlChange } from "./change.ts";
import type { SqlColumn, SqlTable } from "./table.ts";

/** Tables by name. */
export type SqlSchema = ReadonlyMap<string, SqlTable>;

/**
 * Makes a change to a schema.
 *
 * @throws ContractError where the database would refuse the change.
 */
export function applyChange(schema: Map<string, SqlTable>, change: SqlChange, fileName: string): void {
  const fail = (detail: string): never => {
    throw new ContractError(fileName, change.position, detail);
  };
  const table = schema.get(change.table);
  if (change.kind === "create") {
    if (table !== undefined) fail(`a second table \`${change.table}\``);
    schema.set(change.table, checkedTable(change.created, fail));
  } else {
    const before = table ?? fail(`no table \`${change.table}\` before this`);
    schema.set(change.table, checkedTable(changedTable(before, change, fail), fail));
  }
}

type Fail = (detail: string) => never;

function changedTable(table: SqlTable, change: Exclude<SqlChange, { kind: "create" }>, fail: Fail): SqlTable {
  if (change.kind === "add-column") return { ...table, columns: withColumn(table.columns, change, fail) };
  if (change.kind === "add-key") return { ...table, keys: [...table.keys, change.key] };
  const keys = table.keys.filter((key) => key.name !== change.key);
  if (keys.length === table.keys.length) fail(`table \`${table.name}\` has no key \`${change.key}\``);
  return { ...table, keys };
}

function withColumn(
  columns: readonly SqlColumn[],
  change: Extract<SqlChange, { kind: "add-column" }>,
  fail: Fail,
): SqlColumn[] {
  const { column, place } = change;
  if (place === "first") return [column, ...columns];
  if (place === "last") return [...columns, column];
  const index = columns.findIndex((other) => other.name === place.after);
  if (index < 0) fail(`table \`${change.table}\` has no column \`${place.after}\``);
  return columns.toSpliced(index + 1, 0, column);
}

function checkedTable(table: SqlTable, fail: Fail): SqlTable {
  const names = table.columns.map((column) => column.name);
  // Columns that differ in case or underscores only would be one property.
  const column = firstRepeated(table.columns.map(({ name }) => camelCase(name).toLowerCase()));
  if (column !== undefined) fail(`a second column \`${names[column]}\` in \`${table.name}\``);
  const key = firstRepeated(table.keys.map(({ name }) => name.toLowerCase()));
  if (key !== undefined) fail(`a second key \`${table.keys[key]?.name}\` in \`${table.name}\``);
  for (const { name, columns, only } of table.keys) {
    const used = only === undefined ? columns : [...columns, only.column];
    const missing = used.find((entry) => !names.includes(entry));
    if (missing !== undefined) fail(`key \`${name}\` has no column \`${missing}\``);
  }
  return table;
}

/** Index of the first entry that an earlier one equals. */
function firstRepeated(entries: readonly string[]): number | undefined {
  const seen = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    if (seen.has(entry)) return index;
    seen.add(entry);
  }
  return undefined;
}
