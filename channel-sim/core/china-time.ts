const CHINA_MS = 8 * 3_600_000;

/** `2026-11-28T10:00:00+08:00`, as WeChat Pay writes times. */
export function wechatTime(at: number): string {
  return `${new Date(at + CHINA_MS).toISOString().slice(0, 19)}+08:00`;
}

/** `2026-11-28 10:00:00` in GMT+8, as Alipay writes times. */
export function alipayTime(at: number): string {
  return wechatTime(at).slice(0, 19).replace("T", " ");
}

/** The moment that Alipay's form of a time names, in milliseconds since the Unix epoch; NaN for another form. */
export function readAlipayTime(text: string): number {
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)
    ? Date.parse(`${text.replace(" ", "T")}+08:00`)
    : Number.NaN;
}
