import { AppError } from "@mall/kit/errors";
import { z } from "zod";

/** WeChat Pay uses Beijing time. */
const BEIJING_AHEAD_MS = 8 * 3_600_000;
const SECONDS_LENGTH = "2026-11-28T10:00:00".length;

/** The characters of merchants' numbers; they need no escaping in a path. */
const NUMBER = /^[0-9A-Za-z_-]{1,64}$/;

/** A time as WeChat Pay writes it, parsed to milliseconds since the Unix epoch. */
export const wireTime = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

/** A number, ours or WeChat Pay's, in a message. */
export const wireNumber = z.string().regex(/^[!-~]{1,64}$/);

/** A state or a type of event, including unknown ones. */
export const wireName = z.string().regex(/^[A-Z][A-Z_.]{0,63}$/);

/** A time in WeChat Pay's format, rounded down: `2026-11-28T18:00:00+08:00`. */
export function toWireTime(ms: number): string {
  return `${new Date(ms + BEIJING_AHEAD_MS).toISOString().slice(0, SECONDS_LENGTH)}+08:00`;
}

/** One of our numbers as a segment of a path. */
export function inPath(number: string): string {
  if (NUMBER.test(number)) return number;
  throw badAnswer("the number that was to be asked for is none that WeChat Pay takes");
}

/** The body of a refusal. */
export const refusalBody = z.object({
  code: z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/),
  message: z.string(),
});

/** The error for an unusable answer. */
export function badAnswer(why: string): AppError {
  return new AppError("UNKNOWN", "BAD_ANSWER", `WeChat Pay's answer cannot be used: ${why}`);
}
