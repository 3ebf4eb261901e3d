import type { Cache } from "@mall/kit/cache";
import { AttemptLimiter, SharedAttemptLimiter } from "@mall/kit/resilience";
import type { Runtime } from "@mall/kit/runtime";

/** More than a page needs that looks every two seconds, and little beside what a channel takes. */
const ASKED_MAX = 5;
const WINDOW_MS = 10_000;
/** Bounds the memory of a limiter, about 100 bytes an entry. */
const KEYS_MAX = 100_000;

/**
 * How often the channels are asked about one payment because a client wants it so; each key is a payment's id. What
 * jobs ask is theirs, and counts nowhere.
 */
export interface AskingLimits {
  /** Where a payment stands. */
  readonly sync: SharedAttemptLimiter;
  /** To take no more money of it; apart, so that a buyer who looked often may still go to another channel. */
  readonly shut: SharedAttemptLimiter;
}

/** @param cache counts for all processes together; undefined where each counts its own. */
export function createAskingLimits(runtime: Runtime, cache: Cache | undefined): AskingLimits {
  const count = { attemptsMax: ASKED_MAX, windowMs: WINDOW_MS };
  const limiter = (name: string): SharedAttemptLimiter => {
    const own = new AttemptLimiter({ runtime, ...count, keysMax: KEYS_MAX });
    return new SharedAttemptLimiter(own, cache?.attempts({ name, ...count }));
  };
  return { sync: limiter("pay-sync"), shut: limiter("pay-shut") };
}
