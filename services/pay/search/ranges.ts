import type { Database, SqlValue } from "@mall/kit/store";
import type { Condition, Search } from "./find-page.ts";
import { idAfter, idBefore, timedTable } from "./first-id-at.ts";

/** Of which time and amount rows are to be; what is left out does not matter. */
export interface Ranges {
  /** Written at this time or later. */
  readonly from?: Date | undefined;
  /** Written before this time. */
  readonly to?: Date | undefined;
  /** Minor units. */
  readonly amountMin?: number | undefined;
  readonly amountMax?: number | undefined;
}

type Table = Search["table"];

/** Between which ids the rows of a time are: it is one of ids first, by halves. */
export async function idBounds(
  database: Database,
  table: Table,
  { from, to, before = Number.MAX_SAFE_INTEGER }: Ranges & { readonly before?: number | undefined },
): Promise<Pick<Search, "from" | "before">> {
  const rows = timedTable(database, table);
  const [first, last] = await Promise.all([
    from === undefined ? 0 : idBefore(database, rows, from.getTime()),
    to === undefined ? before : idAfter(database, rows, to.getTime()),
  ]);
  return { from: first, before: Math.min(before, last) };
}

/** What rows are compared with then. */
export function rangeConditions(database: Database, table: Table, ranges: Ranges): Condition[] {
  const { from, to, amountMin, amountMax } = ranges;
  return compared([
    [`${table}.create_time >= ?`, from && database.times.toText(from)],
    [`${table}.create_time < ?`, to && database.times.toText(to)],
    [`${table}.amount >= ?`, amountMin],
    [`${table}.amount <= ?`, amountMax],
  ]);
}

/** The conditions that have something to be compared with. */
export function compared(conditions: readonly (readonly [string, SqlValue | undefined])[]): Condition[] {
  return conditions.flatMap(([sql, value]) => (value === undefined ? [] : [{ sql, parameters: [value] }]));
}
