import type { Database } from "@mall/kit/store";

/**
 * How far rows that are written at the same time may be out of the order of their ids, milliseconds: the clocks of
 * processes differ by less, and no transaction is open for longer.
 */
const OUT_OF_ORDER_MS = 10 * 60_000;

/** A table whose ids grow with the time that a column says. */
export interface TimedTable {
  readonly table: string;
  readonly column: string;
  /** What the column says, milliseconds since 1970. */
  readonly timeOf: (value: unknown) => number;
}

/** One with a `timestamp` column. */
export function timedTable(database: Database, table: string, column = "create_time"): TimedTable {
  // What has no time was written by somebody else, before.
  const timeOf = (value: unknown): number =>
    typeof value === "string" ? database.times.toDate(value).getTime() : 0;
  return { table, column, timeOf };
}

/** An id before which no row is of `time` (milliseconds since 1970) or later. */
export function idBefore(database: Database, table: TimedTable, time: number): Promise<number> {
  return firstIdAt(database, table, time - OUT_OF_ORDER_MS);
}

/** An id from which on all rows are later than `time` (milliseconds since 1970). */
export function idAfter(database: Database, table: TimedTable, time: number): Promise<number> {
  return firstIdAt(database, table, time + OUT_OF_ORDER_MS);
}

/**
 * The first id whose row is of this time or later; one beyond the last where there is none. It is looked for by
 * halves of the ids, 24 looks among ten million, so that no index on the time is needed, which every insert would pay.
 */
async function firstIdAt(database: Database, table: TimedTable, time: number): Promise<number> {
  const [last] = await database.read({ sql: `SELECT MAX(id) AS id FROM ${table.table}`, parameters: [] });
  let [low, high] = [1, Number(last?.id ?? 0) + 1];
  const sql = `SELECT id, ${table.column} AS at FROM ${table.table} WHERE id >= ? ORDER BY id LIMIT 1`;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [row] = await database.read({ sql, parameters: [middle] });
    if (row === undefined || table.timeOf(row.at) >= time) high = middle;
    else low = Number(row.id) + 1;
  }
  return low;
}
