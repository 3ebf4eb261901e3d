import { useInfiniteQuery } from "@tanstack/react-query";

/** Rows that are asked for at once. */
export const PAGE_ROWS = 200;
/** Of a file; who wants more narrows the filters. */
const EXPORT_ROWS_MAX = 10_000;

/** A list that a server tells page by page, the newest first. */
export interface RowSource<Row, Cursor> {
  /** Of the list and its filters. */
  readonly key: readonly unknown[];
  /** At most `limit` rows behind `before`. */
  ask(before: Cursor | undefined, limit: number): Promise<readonly Row[]>;
  cursorOf(row: Row): Cursor;
}

/** The rows that are here by now, and how more come. */
export function useRows<Row, Cursor extends string | number>(source: RowSource<Row, Cursor>) {
  const { key, ask } = source;
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => ask(pageParam as Cursor | undefined, PAGE_ROWS),
    initialPageParam: undefined as Cursor | undefined,
    getNextPageParam: (page) => nextOf(source, page, PAGE_ROWS),
  });
  return {
    rows: query.data?.pages.flat() ?? [],
    error: query.error,
    isLoading: query.isLoading,
    isFetching: query.isFetching,
    hasMore: query.hasNextPage,
    more: () => void query.fetchNextPage(),
    reload: () => void query.refetch(),
  };
}

/** All rows from the first, to the number that a file may have. */
export async function allRows<Row, Cursor extends string | number>(
  source: RowSource<Row, Cursor>,
): Promise<{ readonly rows: readonly Row[]; readonly isCut: boolean }> {
  const limit = 500;
  const rows: Row[] = [];
  let before: Cursor | undefined;
  do {
    const page = await source.ask(before, limit);
    rows.push(...page);
    before = nextOf(source, page, limit);
  } while (before !== undefined && rows.length < EXPORT_ROWS_MAX);
  return { rows, isCut: before !== undefined };
}

function nextOf<Row, Cursor>(
  { cursorOf }: RowSource<Row, Cursor>,
  page: readonly Row[],
  limit: number,
): Cursor | undefined {
  const last = page.at(-1);
  return last === undefined || page.length < limit ? undefined : cursorOf(last);
}
