import type { MysqlConnection } from "../mysql/connection.ts";
import { isRowError } from "../mysql/errors.ts";
import { cellsOf, keyText } from "../mysql/key-text.ts";
import { STATEMENT_BYTES_MAX, statementBytes } from "../mysql/statement-bytes.ts";
import type { RowDecrease } from "../table-sql.ts";
import { SeatEvicted } from "./group-trouble.ts";
import type {
  DecreaseCall,
  DeleteCall,
  FindCall,
  InsertAllCall,
  InsertCall,
  RowCall,
  UpdateCall,
} from "./row-call.ts";
import type { RowOwners } from "./row-owners.ts";

/** What a statement is sent on, and whose its rows are. */
interface Place {
  readonly connection: MysqlConnection;
  readonly owners: RowOwners;
}

/**
 * Answers calls of one shape by one statement. A call that is alone fails alone, as its statement undoes itself.
 *
 * @throws where several cannot be answered together; nobody knows then which of them is at fault.
 */
export async function runCalls(
  connection: MysqlConnection,
  owners: RowOwners,
  calls: readonly RowCall[],
): Promise<void> {
  const place = { connection, owners };
  const [only] = calls;
  try {
    await runInserts(place, ofKind(calls, "insert"));
    await runInsertsOfMany(place, ofKind(calls, "insertAll"));
    await runFinds(place, ofKind(calls, "find"));
    await runUpdates(place, ofKind(calls, "update"));
    await runDecreases(place, ofKind(calls, "decrease"));
    await runDeletes(place, ofKind(calls, "delete"));
  } catch (error) {
    if (calls.length > 1 || only === undefined || !isRowError(error)) throw error;
    only.reject(error);
  }
}

type OfKind<Kind> = Extract<RowCall, { kind: Kind }>;

function ofKind<Kind extends RowCall["kind"]>(calls: readonly RowCall[], kind: Kind): OfKind<Kind>[] {
  return calls.filter((call): call is OfKind<Kind> => call.kind === kind);
}

async function runInserts({ connection, owners }: Place, calls: readonly InsertCall[]): Promise<void> {
  const [first] = calls;
  if (first === undefined) return;
  const { table } = first;
  for (const { seat } of calls) seat.wrote = true;
  const rows = calls.map(({ values }) => values);
  const ids: number[] = [];
  if (calls.length > 1 && connection.server.returnsInserted && statementBytes(rows) <= STATEMENT_BYTES_MAX) {
    const returned = (await connection.write(table.insertReturningIds(rows))).rows;
    ids.push(...returned.map((row) => Number(row[table.primary.name])));
  } else {
    for (const row of rows) ids.push((await connection.write(table.insert([row]))).insertId);
  }
  for (const [index, { seat, resolve }] of calls.entries()) {
    const id = ids[index];
    if (id === undefined) throw new Error("the server did not tell the ids of all rows");
    owners.take(seat, table, table.idOf(rows[index] ?? []) ?? id);
    resolve(id);
  }
}

async function runInsertsOfMany(
  { connection, owners }: Place,
  calls: readonly InsertAllCall[],
): Promise<void> {
  const [first] = calls;
  if (first === undefined) return;
  for (const { seat, table } of calls) {
    seat.wrote = true;
    owners.wrote(seat, table);
  }
  const rows = calls.flatMap((call) => call.rows);
  const parts = statementBytes(rows) > STATEMENT_BYTES_MAX ? rows.map((row) => [row]) : [rows];
  for (const part of parts) {
    for (const statement of first.table.insertAll(part)) await connection.write(statement);
  }
  for (const { resolve } of calls) resolve();
}

async function runFinds({ connection, owners }: Place, calls: readonly FindCall[]): Promise<void> {
  const allowed = calls.filter((call) => mayAsk(owners, call));
  const [first] = allowed;
  if (first === undefined) return;
  const { table, key } = first;
  const { columns, locks } = key;
  const asked = new Map(allowed.map((call) => [keyText(columns, call.key.values), call.key.values]));
  const sql =
    asked.size === 1 ? table.selectOne(columns, locks) : table.selectMany(columns, asked.size, locks);
  const raws = await connection.read({ sql, parameters: [...asked.values()].flat() });
  const found = Map.groupBy(raws, (raw) => keyText(columns, cellsOf(columns, raw)));
  for (const { seat, key: own, resolve, reject } of allowed) {
    const rows = found.get(keyText(columns, own.values)) ?? [];
    if (owners.mayHave(seat, table, { rows, locks })) resolve(rows);
    else evict(seat, reject);
  }
}

async function runUpdates({ connection, owners }: Place, calls: readonly UpdateCall[]): Promise<void> {
  const allowed = calls.filter((call) => mayAsk(owners, call));
  const [first] = allowed;
  if (first === undefined) return;
  const { table } = first;
  for (const { seat } of allowed) seat.wrote = true;
  const all = allowed.map(({ change }) => change);
  const statement =
    all.length === 1 ? table.update(first.change.changes, first.change.where) : table.updateEach(all);
  const { changes } = await connection.write(statement);
  if (all.length > 1 && changes !== all.length) throw new Error("a row is not as it was read");
  for (const { resolve } of allowed) resolve(changes > 0);
}

/** What several take off one row is taken at once. */
async function runDecreases({ connection, owners }: Place, calls: readonly DecreaseCall[]): Promise<void> {
  const allowed = calls.filter(({ seat, table, decrease, reject }) => {
    if (owners.mayDecrease(seat, table, decrease.where[0]?.value)) return true;
    evict(seat, reject);
    return false;
  });
  const [first] = allowed;
  if (first === undefined) return;
  const byRow = Map.groupBy(allowed, ({ decrease }) => decrease.where[0]?.value);
  const { changes } = await connection.write(first.table.decreaseEach([...byRow.values()].map(sumOf)));
  if (changes === byRow.size) {
    for (const { seat, resolve } of allowed) {
      seat.wrote = true;
      resolve(true);
    }
  } else if (allowed.length > 1) {
    throw new Error("there is not enough for all of them");
  } else {
    first.resolve(false);
  }
}

function sumOf(calls: readonly DecreaseCall[]): RowDecrease {
  const last = calls.at(-1);
  if (last === undefined) throw new TypeError("nobody decreases this row");
  const amount = calls.reduce((sum, { decrease }) => sum + decrease.amount, 0);
  return { ...last.decrease, amount };
}

/** They are few, so that each has a statement of its own. */
async function runDeletes({ connection, owners }: Place, calls: readonly DeleteCall[]): Promise<void> {
  for (const call of calls.filter((each) => mayAsk(owners, each))) {
    call.seat.wrote = true;
    call.resolve((await connection.write(call.table.delete(call.where))).changes > 0);
  }
}

/** Whether the row that is asked for by its primary key is not another's; one that is to be changed becomes its own. */
function mayAsk(owners: RowOwners, call: FindCall | UpdateCall | DeleteCall): boolean {
  const { seat, table, reject } = call;
  const id = idOf(call);
  if (id === undefined || owners.take(seat, table, id)) return true;
  evict(seat, reject);
  return false;
}

/** The primary key by which a row is locked or changed. */
function idOf(call: FindCall | UpdateCall | DeleteCall): unknown {
  if (call.kind === "update") return call.change.where[0]?.value;
  if (call.kind === "delete") return call.where[0]?.value;
  const { columns, values, locks } = call.key;
  const { table } = call;
  return locks && columns.length === 1 && columns[0]?.name === table.primary.name ? values[0] : undefined;
}

function evict(seat: RowCall["seat"], reject: (error: Error) => void): void {
  seat.isEvicted = true;
  reject(new SeatEvicted());
}
