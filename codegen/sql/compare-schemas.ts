import { ContractError, type Position } from "../emit/index.ts";
import type { SqlSchema } from "./replay.ts";
import { NOW, type SqlColumn, type SqlKey, type SqlTable } from "./table.ts";

interface Difference {
  readonly table: string;
  /** Where the contract says it, if it does. */
  readonly position: Position | undefined;
  readonly detail: string;
}

/**
 * Demands that replaying the migrations gives exactly the contract's tables, columns and keys: a
 * fresh database must be the one that the code was generated for.
 *
 * @param fileOf the contract's file that a table stands in; for a table of none, its main file.
 * @throws ContractError that names everything that differs.
 */
export function demandSameSchema(
  contract: SqlSchema,
  replayed: SqlSchema,
  fileOf: (table: string) => string,
): void {
  const differences = [...contract.values()].flatMap((table) => {
    const other = replayed.get(table.name);
    if (other !== undefined) return tableDifferences(table, other);
    const detail = `the migrations do not create \`${table.name}\``;
    return [{ table: table.name, position: table.columns[0]?.position, detail }];
  });
  for (const name of replayed.keys()) {
    if (contract.has(name)) continue;
    const detail = `only the migrations have the table \`${name}\``;
    differences.push({ table: name, position: undefined, detail });
  }
  if (differences.length === 0) return;
  const first = differences.find((entry) => entry.position !== undefined) ?? differences[0];
  const position = first?.position ?? { line: 1, column: 1 };
  const detail = differences.map((entry) => entry.detail).join("; ");
  throw new ContractError(fileOf(first?.table ?? ""), position, detail);
}

function tableDifferences(contract: SqlTable, replayed: SqlTable): Difference[] {
  const differences = [...columnDifferences(contract, replayed), ...keyDifferences(contract, replayed)];
  if (differences.length > 0) return differences;
  const order = contract.columns.findIndex((column, index) => replayed.columns[index]?.name !== column.name);
  const moved = contract.columns[order];
  if (moved === undefined) return [];
  const detail = `the migrations place column \`${moved.name}\` of \`${contract.name}\` elsewhere`;
  return [{ table: contract.name, position: moved.position, detail }];
}

function columnDifferences(contract: SqlTable, replayed: SqlTable): Difference[] {
  const others = new Map(replayed.columns.map((column) => [column.name, column]));
  const differences = contract.columns.flatMap((column): Difference[] => {
    const other = others.get(column.name);
    others.delete(column.name);
    const name = `column \`${column.name}\` of \`${contract.name}\``;
    if (other === undefined)
      return [
        { table: contract.name, position: column.position, detail: `the migrations do not add ${name}` },
      ];
    const [here, there] = [describeColumn(column), describeColumn(other)];
    if (here === there) return [];
    const detail = `${name} is ${here}, in the migrations ${there}`;
    return [{ table: contract.name, position: column.position, detail }];
  });
  const only = [...others.keys()].map(
    (name) => `only the migrations have column \`${name}\` of \`${contract.name}\``,
  );
  return [...differences, ...only.map((detail) => ({ table: contract.name, position: undefined, detail }))];
}

function keyDifferences(contract: SqlTable, replayed: SqlTable): Difference[] {
  const here = contract.keys.map(describeKey);
  const there = replayed.keys.map(describeKey);
  const lacking = here
    .filter((key) => !there.includes(key))
    .map((key) => `the migrations do not add ${key} of \`${contract.name}\``);
  const extra = there
    .filter((key) => !here.includes(key))
    .map((key) => `only the migrations have ${key} of \`${contract.name}\``);
  return [...lacking, ...extra].map((detail) => ({ table: contract.name, position: undefined, detail }));
}

/** Everything of a column that both sides must agree on; a comment may be worded anew. */
function describeColumn(column: SqlColumn): string {
  const { defaultValue } = column;
  const value = defaultValue === NOW ? "CURRENT_TIMESTAMP" : JSON.stringify(defaultValue);
  return [
    column.declared,
    column.nullable ? "NULL" : "NOT NULL",
    ...(column.autoIncrement ? ["AUTO_INCREMENT"] : []),
    ...(value === undefined ? [] : [`DEFAULT ${value}`]),
    ...(column.onUpdateNow ? ["ON UPDATE CURRENT_TIMESTAMP"] : []),
  ].join(" ");
}

function describeKey(key: SqlKey): string {
  const only = key.only === undefined ? "" : ` only where ${key.only.column} = ${key.only.value}`;
  return `${key.unique ? "unique key" : "key"} \`${key.name}\` (${key.columns.join(", ")})${only}`;
}
