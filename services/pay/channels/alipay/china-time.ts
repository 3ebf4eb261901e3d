/** Alipay's times are those of China, GMT+8 without a summer time, wherever a process runs. */
const AHEAD_MS = 8 * 3_600_000;

const FORM = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d{1,3})?$/;

/** A moment as Alipay writes it, `2026-11-29 20:00:00`; what is left of its second is cut off. */
export function chinaTime(ms: number): string {
  return new Date(ms + AHEAD_MS).toISOString().slice(0, 19).replace("T", " ");
}

/** The second of a time that Alipay wrote, milliseconds since the Unix epoch; undefined for what is none. */
export function momentOf(text: string): number | undefined {
  const [, day, time] = FORM.exec(text) ?? [];
  if (day === undefined) return undefined;
  const ms = Date.parse(`${day}T${time}+08:00`);
  // A day that no month has is another one to Date.
  return Number.isFinite(ms) && chinaTime(ms) === `${day} ${time}` ? ms : undefined;
}
