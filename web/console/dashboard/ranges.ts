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

const BUCKET_SECONDS = { minute: 60, hour: HOUR, day: DAY } as const;

/** What is asked of the statistics for a range that ends at `now` (Unix milliseconds), in days of a clock so many minutes ahead of UTC. */
export function rangeUntil(name: RangeName, now: number, aheadMinutes: number) {
  const { seconds, bucket } = RANGES[name];
  const to = Math.ceil(now / 60_000) * 60;
  // The days that are counted begin at whole hours.
  return { from: to - seconds, to, bucket, utcOffset: Math.round(aheadMinutes / 60) * 60 };
}

/** When each part of what was asked begins, Unix seconds: also of those in which nothing was. */
export function momentsOf({ from, to, bucket, utcOffset }: ReturnType<typeof rangeUntil>): number[] {
  const step = BUCKET_SECONDS[bucket];
  const ahead = utcOffset * 60;
  const first = Math.floor((from + ahead) / step) * step - ahead;
  return Array.from({ length: Math.ceil((to - first) / step) }, (_, at) => first + at * step);
}
