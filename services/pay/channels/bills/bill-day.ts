import type { BillDay } from "./bill.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** China's time zone, GMT+8 without daylight saving, by whose days Alipay and WeChat Pay count. */
export const CHINA_AHEAD_MS = 8 * HOUR_MS;

/** The day of a time, `2026-11-30`, by clocks that are so far ahead of UTC. */
export function dayAt(time: number, aheadMs: number): string {
  return new Date(time + aheadMs).toISOString().slice(0, 10);
}

/** All days from one to another, both among them; none where the second is the earlier. */
export function daysBetween(first: string, last: string): string[] {
  const [{ from }, { until }] = [dayOf(first, 0), dayOf(last, 0)];
  const count = Math.max(0, Math.round((until - from) / DAY_MS));
  return Array.from({ length: count }, (_, index) => dayAt(from + index * DAY_MS, 0));
}

/**
 * A day, from its first millisecond to the next day's.
 *
 * @param day `2026-11-30`
 * @param aheadMs how far its clocks are ahead of UTC.
 * @throws RangeError for a day that no calendar has.
 */
export function dayOf(day: string, aheadMs: number): BillDay {
  const start = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  // Date turns a day that the month does not have into one of the next month.
  if (!Number.isFinite(start) || new Date(start).toISOString().slice(0, 10) !== day)
    throw new RangeError(`${day} is not a day`);
  return { from: start - aheadMs, until: start + DAY_MS - aheadMs };
}
