import { useInfiniteQuery } from "@tanstack/react-query";
import { useHeld } from "../shell/open-dialogs.ts";

/** Rows that are asked for at once. */
const PAGE_ROWS = 200;
/** While rows change by themselves. */
const LOOK_AGAIN_MS = 3_000;
/** As many as one answer may have. */
const EXPORT_PAGE_ROWS = 500;
/** Of a file; who wants more narrows the filters. */
const EXPORT_ROWS_MAX = 10_000;

/** Some rows, and where those behind them begin; undefined: there are none. */
interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: number | undefined;
}

/** A list that a server tells page by page, the newest first. */
export interface RowSource<Row> {
  /** Of the list and its filters. */
  readonly key: readonly unknown[];
  /** True while some of these rows are about to change by themselves: they are asked for again. */
  isMoving?(row: Row): boolean;
  /** At most `limit` rows from where the page before said. */
  ask(before: number | undefined, limit: number): Promise<Page<Row>>;
}

/** The rows that are here by now, and how more come. */
export function useRows<Row>({ key, ask, isMoving = () => false }: RowSource<Row>) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => ask(pageParam, PAGE_ROWS),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ next }) => next,
    refetchInterval: ({ state: { data } }) =>
      data?.pages.some(({ rows }) => rows.some(isMoving)) === true && LOOK_AGAIN_MS,
  });
  const data = useHeld(query.data);
  return {
    rows: data?.pages.flatMap(({ rows }) => rows) ?? [],
    error: query.error,
    isLoading: query.isLoading,
    isFetching: query.isFetching,
    hasMore: query.hasNextPage,
    more: () => void query.fetchNextPage(),
    reload: () => void query.refetch(),
  };
}

/** All rows from the first, to the number that a file may have. */
export async function allRows<Row>(
  source: Pick<RowSource<Row>, "ask">,
): Promise<{ readonly rows: readonly Row[]; readonly isCut: boolean }> {
  const rows: Row[] = [];
  let before: number | undefined;
  do {
    const page = await source.ask(before, EXPORT_PAGE_ROWS);
    rows.push(...page.rows);
    before = page.next;
  } while (before !== undefined && rows.length < EXPORT_ROWS_MAX);
  return { rows, isCut: before !== undefined };
}

/** A page of an answer that says no more than its rows: behind a full one there may be more. */
export function pageOf<Row extends { readonly id: number }>(rows: readonly Row[], limit: number): Page<Row> {
  return { rows, next: rows.length < limit ? undefined : rows.at(-1)?.id };
}

/** The next page of an answer that says 0 for none. */
export function nextOf(next: number): number | undefined {
  return next === 0 ? undefined : next;
}
