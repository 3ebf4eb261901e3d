const CHINA_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

/** `2026-11-28T10:00:00+08:00`, as WeChat Pay writes times. */
export function wechatTime(at: number): string {
  return `${new Date(at + CHINA_MS).toISOString().slice(0, 19)}+08:00`;
}

/** `2026-11-28 10:00:00` in GMT+8, as Alipay and the bills of both channels write times. */
export function chinaTime(at: number): string {
  return wechatTime(at).slice(0, 19).replace("T", " ");
}

/** The moment that `chinaTime` writes so, in milliseconds since the Unix epoch; NaN for another form. */
export function readChinaTime(text: string): number {
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)
    ? Date.parse(`${text.replace(" ", "T")}+08:00`)
    : Number.NaN;
}

/** A day in China, by which bills are made. */
export interface ChinaDay {
  /** `2026-11-28` */
  readonly date: string;
  /** Milliseconds since the Unix epoch; the end is the next day's start. */
  readonly startsAt: number;
  readonly endsAt: number;
}

/** The day that a date names; undefined for what is no date. */
export function readChinaDay(date: string): ChinaDay | undefined {
  const startsAt = readChinaTime(`${date} 00:00:00`);
  if (Number.isNaN(startsAt) || chinaTime(startsAt).slice(0, 10) !== date) return undefined;
  return { date, startsAt, endsAt: startsAt + DAY_MS };
}

export function isOnDay({ startsAt, endsAt }: ChinaDay, at: number): boolean {
  return startsAt <= at && at < endsAt;
}
