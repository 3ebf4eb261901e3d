import type { Database, SqlValue } from "@mall/kit/store";

/** A condition of a search; `sql` has a `?` for each of the parameters. */
export interface Condition {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

/** Where the rows of a search come from: ids in the order of an index. */
export interface Source {
  /** A table, or a query in brackets with its name. */
  readonly from: string;
  /** The parameters of `from`. */
  readonly parameters?: readonly SqlValue[];
  /** The column with the id of a row of `table`; `DISTINCT` where one id may come several times. */
  readonly key: string;
  readonly distinct?: true;
  /** An equality that an index decides, whose next column is the key. */
  readonly where?: Condition | undefined;
}

export interface Search {
  readonly table: "pay" | "pay_refund";
  readonly source: Source;
  /** What else a row must be like; columns with the name of the table. */
  readonly conditions: readonly Condition[];
  /** Only ids from this one on. */
  readonly from: number;
  /** Only smaller ids. */
  readonly before: number;
  readonly limit: number;
}

/** The ids of a page, the largest first. */
export interface FoundPage {
  readonly ids: readonly number[];
  /** `before` of the next page; 0 where there is none. */
  readonly next: number;
}

/** Rows of its source that a page looks at, at most. */
const LOOKED_AT_MAX = 5_000;

/**
 * The newest rows that a search finds. However large the table is, a page costs no more than LOOKED_AT_MAX rows: the
 * source gives ids by an index, newest first, and only that many of them are held to the other conditions. Where these
 * are rare a page is short, or empty, and `next` goes on where it stopped.
 */
export async function findPage(database: Database, search: Search): Promise<FoundPage> {
  const { conditions, limit } = search;
  const isExact = conditions.length === 0;
  const newest = newestOf(search, isExact ? limit + 1 : LOOKED_AT_MAX);
  const rows = await database.read(isExact ? newest : heldTo(search, newest));
  const ids = rows.map(({ id }) => Number(id));
  const page = ids.slice(0, limit);
  if (ids.length > limit) return { ids: page, next: page.at(-1) ?? 0 };
  return { ids: page, next: isExact ? 0 : await endOfLook(database, newest) };
}

function newestOf({ source, from, before }: Search, limit: number): Mutable {
  const { key, distinct, where, parameters = [] } = source;
  const equal = where === undefined ? "" : `${where.sql} AND `;
  const sql =
    `SELECT ${distinct ? "DISTINCT " : ""}${key} AS id FROM ${source.from} ` +
    `WHERE ${equal}${key} < ? AND ${key} >= ? ORDER BY ${key} DESC LIMIT ?`;
  return { sql, parameters: [...parameters, ...(where?.parameters ?? []), before, from, limit] };
}

/** What a Statement is made of. */
interface Mutable {
  readonly sql: string;
  readonly parameters: SqlValue[];
}

function heldTo({ table, conditions, limit }: Search, newest: Mutable): Mutable {
  const sql =
    `SELECT ${table}.id AS id FROM (${newest.sql}) newest JOIN ${table} ON ${table}.id = newest.id ` +
    `WHERE ${conditions.map((condition) => condition.sql).join(" AND ")} ORDER BY ${table}.id DESC LIMIT ?`;
  const held = conditions.flatMap(({ parameters }) => parameters);
  return { sql, parameters: [...newest.parameters, ...held, limit + 1] };
}

/** The last id that was looked at; 0 where there are no more. */
async function endOfLook(database: Database, { sql, parameters }: Mutable): Promise<number> {
  const seen = `SELECT MIN(id) AS last, COUNT(*) AS seen FROM (${sql}) newest`;
  const [row] = await database.read({ sql: seen, parameters });
  return Number(row?.seen) < LOOKED_AT_MAX ? 0 : Number(row?.last);
}
