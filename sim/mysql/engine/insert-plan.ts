import type { Catalog, Cell, Table } from "../catalog/table.ts";
import type { Insert } from "../sql/ast.ts";
import { UnsupportedSql } from "../unsupported-sql.ts";
import { coerce, coerceNow } from "./coerce.ts";
import { keyOfType } from "./compare.ts";
import { compileExpression } from "./compile-expression.ts";
import { acquire, type Steps } from "./lock.ts";
import { Names } from "./names.ts";
import { Row } from "./row.ts";
import type { Evaluate, Scope } from "./scope.ts";
import { ServerError } from "./server-error.ts";
import type { TableData } from "./table-data.ts";
import { claimKey, duplicate, type UniqueKey, uniqueKeysOf } from "./unique-keys.ts";
import { change, type WritePlan, type Written } from "./write-plan.ts";

/** What a row is made of: by column a value, or undefined for what the column has by default. */
type RowMaker = readonly (Evaluate | undefined)[];

interface Plan {
  readonly table: Table;
  readonly makers: readonly RowMaker[];
  readonly ignores: boolean;
  readonly primary: number;
  readonly autoIncrement: number;
  readonly uniqueKeys: readonly UniqueKey[];
}

/** Compiles an INSERT. */
export function planInsert(insert: Insert, catalog: Catalog): WritePlan {
  const table = catalog.table(insert.table);
  const positions = insert.columns.map((column) => table.position(column));
  const plan: Plan = {
    table,
    makers: insert.rows.map((row) => makerOf(table, positions, row, catalog)),
    ignores: insert.ignores,
    primary: table.primary,
    autoIncrement: table.autoIncrement,
    uniqueKeys: uniqueKeysOf(table),
  };
  const returning = insert.returning?.map((column) => table.position(column));
  return function* (scope) {
    const { ids, rows, affectedRows } = yield* insertRows(plan, scope);
    const returned = returning && {
      fields: returning.map((position) => table.columnAt(position)),
      records: rows.map((cells) => returning.map((position) => cells[position] ?? null)),
    };
    // Where the server gave no id out it names that of the last row.
    const insertId = ids[0] ?? Number(rows.at(-1)?.[plan.autoIncrement] ?? 0);
    return { affectedRows, insertId, returned } satisfies Written;
  };
}

function makerOf(
  table: Table,
  positions: readonly number[],
  row: Insert["rows"][number],
  catalog: Catalog,
): RowMaker {
  if (row.length !== positions.length)
    throw new UnsupportedSql(`${row.length} values for ${positions.length} columns`);
  const context = { names: new Names(catalog, []), compileSelect: refuseSelect, aggregate: undefined };
  return table.columns.map((_, position) => {
    const value = row[positions.indexOf(position)];
    return value && compileExpression(value, context).evaluate;
  });
}

function refuseSelect(): never {
  throw new UnsupportedSql("a select among the values of an insert");
}

interface Inserted {
  /** Given out by the server, of the rows that were inserted. */
  readonly ids: readonly number[];
  readonly rows: readonly (readonly Cell[])[];
  readonly affectedRows: number;
}

function* insertRows(plan: Plan, scope: Scope): Steps<Inserted> {
  const data = scope.host.dataOf(plan.table);
  const made = plan.makers.map((maker) => makeRow(plan, maker, scope));
  // All ids of a statement are drawn before anybody waits: another one's do not come between them. A row that is
  // passed over leaves its id to the next one.
  const drawn = made.filter((cells) => needsId(plan, cells)).map(() => scope.host.nextId(data));
  const ids: number[] = [];
  const rows: Cell[][] = [];
  for (const cells of made) {
    const id = needsId(plan, cells) ? drawn[ids.length] : undefined;
    if (id !== undefined) cells[plan.autoIncrement] = id;
    const isIn = yield* insertOne(plan, data, cells, scope);
    if (!isIn) continue;
    if (id !== undefined) ids.push(id);
    else data.nextId = Math.max(data.nextId, Number(cells[plan.autoIncrement]) + 1 || 1);
    rows.push(cells);
  }
  return { ids, rows, affectedRows: rows.length };
}

function needsId({ autoIncrement }: Plan, cells: readonly Cell[]): boolean {
  return autoIncrement >= 0 && !cells[autoIncrement];
}

function makeRow({ table, autoIncrement }: Plan, maker: RowMaker, scope: Scope): Cell[] {
  return table.columns.map((column, position) => {
    const evaluate = maker[position];
    if (evaluate !== undefined) {
      const value = evaluate(scope);
      return position === autoIncrement && value === null ? 0 : coerce(column, value);
    }
    if (position === autoIncrement) return 0;
    if (column.byDefault === "now") return coerceNow(column, scope.now);
    if (column.byDefault !== undefined) return column.byDefault.value;
    throw new ServerError("noDefault", `Field '${column.name}' doesn't have a default value`);
  });
}

/** False where IGNORE passes over a row that is there already. */
function* insertOne(plan: Plan, data: TableData, cells: readonly Cell[], scope: Scope): Steps<boolean> {
  const { trx } = scope.view;
  const { changes } = trx;
  const begun = changes.length;
  try {
    const row = yield* claimPrimary(plan, data, cells, scope);
    for (const key of plan.uniqueKeys) yield* claimKey(key, { data, trx, row, cells });
    change(data, row, cells, scope);
    return true;
  } catch (error) {
    if (!plan.ignores || !(error instanceof ServerError) || error.refusal !== "duplicate") throw error;
    trx.rollBackTo(begun);
    return false;
  }
}

function* claimPrimary(
  { table, primary }: Plan,
  data: TableData,
  cells: readonly Cell[],
  scope: Scope,
): Steps<Row> {
  const { trx } = scope.view;
  const lookUp = table.lookUp([primary]);
  const key = keyOfType(table.columnAt(primary).type)(cells[primary] ?? null);
  const [other] = data.find(lookUp, key);
  if (other === undefined) {
    const row = new Row(key);
    yield* acquire(trx, row.lock, "X");
    return row;
  }
  yield* acquire(trx, other.lock, "S");
  if (other.latest?.cells !== undefined) throw duplicate(lookUp, cells, "PRIMARY");
  yield* acquire(trx, other.lock, "X");
  // Whoever was waited for may have taken its row back altogether, or made one in its place.
  const [now = other] = data.find(lookUp, key);
  if (now.latest?.cells !== undefined) throw duplicate(lookUp, cells, "PRIMARY");
  return now;
}
