interface DatedQuery<Query> {
  where(column: "id", operator: ">=", value: number): Query;
  orderBy(column: "id", direction: "asc" | "desc"): Query;
  limit(rows: number): Query;
}

/** How far times may be out of the order of ids: writers' clocks differ, and some write later than others. */
const DISORDER_MS = 3_600_000;

/** From the first of these ids on, and before the second. */
export interface IdRange {
  readonly from: number;
  readonly to: number;
}

/** Rows whose ids are given in the order of time, and when each of them was created, milliseconds since 1970. */
export interface DatedRows<Row, Query> {
  readonly findMany: (build: (query: Query) => Query) => Promise<Row[]>;
  readonly timeOf: (row: Row) => number;
}

/** Instants, milliseconds since 1970; undefined where there is no such end. */
export interface TimeRange {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/**
 * Ids of the rows that were created from `from` on and before `to`, without an index of times: ids are given in
 * the order of time, so the ends are found by halves, in at most 53 lookups each. Rows from up to an hour before and
 * after are among them, as times are in that order by and large only.
 */
export async function idsBetween<Row extends { readonly id: number }, Query extends DatedQuery<Query>>(
  rows: DatedRows<Row, Query>,
  { from, to }: TimeRange,
): Promise<IdRange> {
  const [newest] = await rows.findMany((query) => query.orderBy("id", "desc").limit(1));
  const end = (newest?.id ?? 0) + 1;
  const rowFrom: RowFrom = async (id) => {
    const [row] = await rows.findMany((query) => query.where("id", ">=", id).orderBy("id", "asc").limit(1));
    return row && { id: row.id, time: rows.timeOf(row) };
  };
  const firstSince = (time: number): Promise<number> => firstIdSince(rowFrom, { time, end });
  return {
    from: from === undefined ? 0 : await firstSince(from - DISORDER_MS),
    to: to === undefined ? end : await firstSince(to + DISORDER_MS),
  };
}

/** The first row from an id on, and its time, milliseconds since 1970; undefined where there is none. */
export type RowFrom = (id: number) => Promise<{ readonly id: number; readonly time: number } | undefined>;

/**
 * The smallest id from which on rows are of `time` or later, milliseconds since 1970; `end`, which is beyond the last id,
 * where none is. Looks for it by halves: 24 lookups among ten million ids.
 */
export async function firstIdSince(
  rowFrom: RowFrom,
  { time, end }: { readonly time: number; readonly end: number },
): Promise<number> {
  let [earlier, later] = [0, end];
  while (later - earlier > 1) {
    const middle = Math.floor((earlier + later) / 2);
    const row = await rowFrom(middle);
    if (row === undefined || row.time >= time) later = middle;
    else earlier = row.id;
  }
  return later;
}
