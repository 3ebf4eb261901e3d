import { InvalidArgumentError } from "commander";

const SECONDS_OF: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600, d: 86400 };
/** Ten years: what is longer is a slip of the keyboard. */
const SECONDS_MAX = 10 * 365 * 86400;

/**
 * Seconds of a duration on the command line: a number of seconds, or with a unit as in `90s`, `15m`,
 * `24h`, `30d`.
 *
 * @throws InvalidArgumentError saying which forms are understood.
 */
export function parseDuration(text: string): number {
  const [, digits = "", unit = ""] = /^(\d+)([smhd]?)$/.exec(text) ?? [];
  const seconds = Number(digits) * (SECONDS_OF[unit] ?? 0);
  if (digits !== "" && seconds >= 1 && seconds <= SECONDS_MAX) return seconds;
  throw new InvalidArgumentError(
    "Write seconds, or a number with s, m, h or d, e.g. 24h; at most ten years.",
  );
}
