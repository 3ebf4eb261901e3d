const HOUR = 3600;
const DAY = 24 * HOUR;

/** What may be looked back on: how long, and in which parts it is told. */
export const RANGES = {
  hour: { seconds: HOUR, bucket: "minute" },
  day: { seconds: DAY, bucket: "hour" },
  week: { seconds: 7 * DAY, bucket: "hour" },
  month: { seconds: 30 * DAY, bucket: "day" },
  year: { seconds: 365 * DAY, bucket: "day" },
} as const;

export type RangeName = keyof typeof RANGES;

/** What is asked of the statistics for a range that ends at `now` (Unix milliseconds), in days of a clock so many minutes ahead of UTC. */
export function rangeUntil(name: RangeName, now: number, aheadMinutes: number) {
  const { seconds, bucket } = RANGES[name];
  const to = Math.ceil(now / 60_000) * 60;
  // The days that are counted begin at whole hours.
  return { from: to - seconds, to, bucket, utcOffset: Math.round(aheadMinutes / 60) * 60 };
}
