import { dayAt, dayOf, daysBetween } from "../channels/bills/bill-day.ts";

export const DAY_MS = 24 * 3_600_000;
/** After an outage, so many days before are compared at most. */
const DAYS_MAX = 31;

/** When days begin and bills are made, as a channel's `bills` say it. */
interface Calendar {
  readonly aheadMs: number;
  readonly readyMs: number;
}

/** The day before another. */
export function dayBefore(day: string): string {
  return dayAt(dayOf(day, 0).from - DAY_MS, 0);
}

/** The day before the one that a time belongs to: the last of those that were over before. */
export function lastOver(now: number, { aheadMs }: Pick<Calendar, "aheadMs">): string {
  return dayAt(now - DAY_MS, aheadMs);
}

/** The days after `last` whose bills are made, in order. */
export function daysDue(last: string, now: number, { aheadMs, readyMs }: Calendar): string[] {
  const ready = dayAt(now - readyMs - DAY_MS, aheadMs);
  return daysBetween(last, ready).slice(1).slice(-DAYS_MAX);
}

/** How long it takes until the next bill is made, milliseconds. */
export function untilNextDue(now: number, { aheadMs, readyMs }: Calendar): number {
  const made = dayOf(dayAt(now - readyMs, aheadMs), aheadMs).until + readyMs;
  return made - now;
}
