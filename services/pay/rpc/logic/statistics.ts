import type { Call } from "@mall/kit/call";
import { OPEN_STATES } from "../../model/attempt-state.ts";
import { type Figures, type PlacedFigures, percentile } from "../../statistics/figures.ts";
import { type Bucket, readStatistics } from "../../statistics/read-statistics.ts";
import type { ServiceContext } from "../context.ts";
import type { StatisticsRequest, StatisticsResponse, StatisticsRow } from "../gen/pay.ts";

/** Up to here open attempts are counted. */
const OPEN_MAX = 10_000;

/**
 * What payments came to, by minute, hour or day; see readStatistics. Hours are added up from the first time on that
 * somebody asks.
 */
export async function statistics(
  context: ServiceContext,
  _call: Call,
  request: StatisticsRequest,
): Promise<StatisticsResponse> {
  // Checked by readStatistics.
  const bucket = request.bucket as Bucket;
  const { rows, totals, isPartial } = await readStatistics(context, { ...request, bucket });
  if (isPartial) await context.database.transaction((tx) => context.jobs.addHoursUp(tx));
  const openAttempts = await countOpen(context);
  return { rows: rows.map(toRow), totals: totals.map(toRow), openAttempts, isPartial };
}

async function countOpen({ database }: ServiceContext): Promise<number> {
  const sql = "SELECT COUNT(*) AS found FROM (SELECT id FROM pay_attempt WHERE state = ? LIMIT ?) some";
  const counts = OPEN_STATES.map((state) => database.read({ sql, parameters: [state, OPEN_MAX] }));
  const found = (await Promise.all(counts)).flat().reduce((sum, row) => sum + Number(row.found), 0);
  return Math.min(found, OPEN_MAX);
}

function toRow({ slot, channel, currency, figures }: PlacedFigures): StatisticsRow {
  const told = { time: slot, channel, currency, ...toldOf(figures) };
  return { ...told, p50: percentile(figures, 0.5), p95: percentile(figures, 0.95) };
}

function toldOf(figures: Figures): Omit<StatisticsRow, "time" | "channel" | "currency" | "p50" | "p95"> {
  const { opened, openedAmount, begun, succeeded, failed, closed, unsettled } = figures;
  const { successes, turnover, refunds, refunded, verified, refused } = figures;
  return {
    ...{ opened, openedAmount, begun, succeeded, failed, closed, unsettled },
    ...{ successes, turnover, refunds, refunded, verified, refused },
  };
}
