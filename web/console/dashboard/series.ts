import type { StatisticsRow } from "@mall/pay/api";

/** One moment of the charts, over all accounts of one currency. */
export interface Point {
  /** Unix seconds. */
  readonly time: number;
  /** Minor units. */
  turnover: number;
  /** Minor units. */
  refunded: number;
  opened: number;
  successes: number;
  refused: number;
  /** Seconds, of the slowest account. */
  p50: number;
  p95: number;
}

/** Currencies of which there is money, the one with the most successes first. */
export function currenciesOf(totals: readonly StatisticsRow[]): string[] {
  const counts = new Map<string, number>();
  for (const { currency, successes, openedAmount } of totals)
    if (currency !== "")
      counts.set(currency, (counts.get(currency) ?? 0) + successes + Math.sign(openedAmount));
  return [...counts].sort(([, one], [, other]) => other - one).map(([currency]) => currency);
}

/** The rows of a currency, and those about no money, added up by time; `moments` are there in any case. */
export function pointsOf(
  rows: readonly StatisticsRow[],
  currency: string,
  moments: readonly number[] = [],
): Point[] {
  const points = new Map<number, Point>(moments.map((time) => [time, { time, ...NOTHING }]));
  for (const row of rows) {
    if (row.currency !== currency && row.currency !== "") continue;
    const { time } = row;
    const point = points.get(time) ?? { time, ...NOTHING };
    point.turnover += row.turnover;
    point.refunded += row.refunded;
    point.opened += row.opened;
    point.successes += row.successes;
    point.refused += row.refused;
    point.p50 = Math.max(point.p50, row.p50);
    point.p95 = Math.max(point.p95, row.p95);
    points.set(time, point);
  }
  return [...points.values()].sort((one, other) => one.time - other.time);
}

const NOTHING = { turnover: 0, refunded: 0, opened: 0, successes: 0, refused: 0, p50: 0, p95: 0 };

/**
 * A row for each account and currency that there was money of. What is about no money, as what was refused in an
 * account's name, is told with the first of the account's, or by itself where it has none.
 */
export function accountsOf(totals: readonly StatisticsRow[]): StatisticsRow[] {
  const accounts = Map.groupBy(
    totals.filter(({ channel }) => channel !== ""),
    ({ channel }) => channel,
  );
  return [...accounts.values()].flatMap((rows) => {
    const [first, ...others] = rows.filter(({ currency }) => currency !== "");
    const bare = rows.filter(({ currency, refused }) => currency === "" && refused > 0);
    if (first === undefined) return bare;
    return [
      { ...first, refused: bare.reduce((sum, { refused }) => sum + refused, first.refused) },
      ...others,
    ];
  });
}

/** Of the attempts of which the end is known, how many were the success, 0 to 1; undefined where none is. */
export function successRate({
  succeeded,
  failed,
  closed,
}: Pick<StatisticsRow, "succeeded" | "failed" | "closed">): number | undefined {
  const ended = succeeded + failed + closed;
  return ended === 0 ? undefined : succeeded / ended;
}
