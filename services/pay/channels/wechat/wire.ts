import { AppError } from "@mall/kit/errors";
import { z } from "zod";

/** WeChat Pay's hours are Beijing's. */
const BEIJING_AHEAD_MS = 8 * 3_600_000;
const SECONDS_LENGTH = "2026-11-28T10:00:00".length;

/** What a merchant numbers; all that goes into a path without being written otherwise. */
const NUMBER = /^[0-9A-Za-z_-]{1,64}$/;

/** A moment as WeChat Pay writes it, in milliseconds since the Unix epoch once it is read. */
export const wireTime = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

/** A number, ours or WeChat Pay's, in one of its messages. */
export const wireNumber = z.string().regex(/^[!-~]{1,64}$/);

/** A state or a kind of event, also one that is not known here. */
export const wireName = z.string().regex(/^[A-Z][A-Z_.]{0,63}$/);

/** A moment as it is told to WeChat Pay: never later than it is, `2026-11-28T18:00:00+08:00`. */
export function toWireTime(ms: number): string {
  return `${new Date(ms + BEIJING_AHEAD_MS).toISOString().slice(0, SECONDS_LENGTH)}+08:00`;
}

/** One of our numbers as a part of a path. */
export function inPath(number: string): string {
  if (NUMBER.test(number)) return number;
  throw badAnswer("the number that was to be asked for is none that WeChat Pay takes");
}

/** What WeChat Pay says no with. */
export const refusalBody = z.object({
  code: z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/),
  message: z.string(),
});

/** Whatever keeps an answer from being one. */
export function badAnswer(why: string): AppError {
  return new AppError("UNKNOWN", "BAD_ANSWER", `WeChat Pay's answer cannot be used: ${why}`);
}
