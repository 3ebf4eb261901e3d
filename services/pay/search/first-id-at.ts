import { type Database, firstIdSince, type RowFrom } from "@mall/kit/store";

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

/** One beyond the last id where no row is of this time or later. No index on the time is needed, which inserts would pay. */
async function firstIdAt(
  database: Database,
  { table, column, timeOf }: TimedTable,
  time: number,
): Promise<number> {
  const [last] = await database.read({ sql: `SELECT MAX(id) AS id FROM ${table}`, parameters: [] });
  const sql = `SELECT id, ${column} AS at FROM ${table} WHERE id >= ? ORDER BY id LIMIT 1`;
  const rowFrom: RowFrom = async (id) => {
    const [row] = await database.read({ sql, parameters: [id] });
    return row && { id: Number(row.id), time: timeOf(row.at) };
  };
  return firstIdSince(rowFrom, { time, end: Number(last?.id ?? 0) + 1 });
}
