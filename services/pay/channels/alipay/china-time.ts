/** Alipay's times are in China's time zone, GMT+8 without daylight saving, wherever a process runs. */
const AHEAD_MS = 8 * 3_600_000;

const FORM = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d{1,3})?$/;

/** A time in Alipay's format, `2026-11-29 20:00:00`; fractions of a second are cut off. */
export function chinaTime(ms: number): string {
  return new Date(ms + AHEAD_MS).toISOString().slice(0, 19).replace("T", " ");
}

/** Parses a time in Alipay's format to milliseconds since the Unix epoch; undefined if it is not one. */
export function momentOf(text: string): number | undefined {
  const [, day, time] = FORM.exec(text) ?? [];
  if (day === undefined) return undefined;
  const ms = Date.parse(`${day}T${time}+08:00`);
  // Date turns a day that the month does not have into one of the next month.
  return Number.isFinite(ms) && chinaTime(ms) === `${day} ${time}` ? ms : undefined;
}
