const CHINA_MS = 8 * 3_600_000;

/** `2026-11-28T10:00:00+08:00`, as WeChat Pay writes times. */
export function wechatTime(at: number): string {
  return `${new Date(at + CHINA_MS).toISOString().slice(0, 19)}+08:00`;
}
