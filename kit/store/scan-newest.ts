/** Rows that are looked through for one page, where no index answers the question. */
const SCANNED_MAX = 10_000;

/** A page of a search that looks through so many rows at most. */
export interface ScannedPage<Row> {
  readonly rows: Row[];
  /** What to give as `before` for the next page, also after a short or an empty one; 0 where there is none. */
  readonly next: number;
}

/** What of a query a scan makes use of. */
interface IdQuery<Query> {
  where(column: "id", operator: "<" | ">=", value: number): Query;
  orderBy(column: "id", direction: "desc"): Query;
  limit(rows: number): Query;
  offset(rows: number): Query;
}

/** Which page of which rows. */
export interface Scan<Query> {
  /** Only rows with a smaller id; 0 for the first page. */
  readonly before: number;
  /** Rows of a page, 1 at the least. */
  readonly limit: number;
  /** Conditions that an index answers in the order of ids. */
  readonly within?: (query: Query) => Query;
  /** Conditions that rows are looked through for; left out where there are none. */
  readonly matching?: ((query: Query) => Query) | undefined;
}

/**
 * A page of the rows with the largest ids, found in bounded time however many there are: no more than 10,000 of those
 * that an index gives are looked through. Where so many hold too few that match, the page is short and has a next one.
 */
export async function scanNewest<Row extends { readonly id: number }, Query extends IdQuery<Query>>(
  findMany: (build: (query: Query) => Query) => Promise<Row[]>,
  { before, limit, within = (query) => query, matching }: Scan<Query>,
): Promise<ScannedPage<Row>> {
  const newest = (query: Query): Query => {
    const ordered = within(query).orderBy("id", "desc");
    return before > 0 ? ordered.where("id", "<", before) : ordered;
  };
  const last =
    matching &&
    (
      await findMany((query) =>
        newest(query)
          .offset(SCANNED_MAX - 1)
          .limit(1),
      )
    )[0];
  const rows = await findMany((query) => {
    const chosen = (matching ?? ((all: Query) => all))(newest(query)).limit(limit);
    return last === undefined ? chosen : chosen.where("id", ">=", last.id);
  });
  return { rows, next: (rows.length === limit ? rows.at(-1)?.id : last?.id) ?? 0 };
}
