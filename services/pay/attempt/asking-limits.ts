import type { Cache } from "@mall/kit/cache";
import { AttemptLimiter, SharedAttemptLimiter } from "@mall/kit/resilience";
import type { Runtime } from "@mall/kit/runtime";
import { paySyncLimited } from "../rpc/errors.ts";
import { TurnLine } from "./turn-line.ts";

/** More than a page needs that looks every two seconds, and little beside what a channel takes. */
const ASKED_MAX = 5;
const WINDOW_MS = 10_000;
const SECOND_MS = 1_000;
/** Bounds the memory of a limiter, about 100 bytes an entry: of payments, and of accounts. */
const PAYMENTS_MAX = 100_000;
const ACCOUNTS_MAX = 1_000;

/** So many questions in a window. */
interface AskedCount {
  readonly attemptsMax: number;
  /** Milliseconds. */
  readonly windowMs: number;
}

/** How often the channels are asked. */
export interface AskingLimits {
  /** Where a payment stands, because a client wants it so; each key is a payment's id. */
  readonly sync: SharedAttemptLimiter;
  /** To take no more money of a payment, likewise; apart, so that a buyer who looked often may still go to another channel. */
  readonly shut: SharedAttemptLimiter;
  /** About open attempts, by jobs; each key is an account. */
  readonly poll: SharedAttemptLimiter;
  /** The same evenly, by this process: a channel that answers between two of them needs one connection. */
  readonly pollLine: TurnLine;
}

/**
 * @param cache counts for all processes together; undefined where each counts its own.
 * @param queriesPerSecond of jobs, at each account.
 */
export function createAskingLimits(
  runtime: Runtime,
  cache: Cache | undefined,
  queriesPerSecond: number,
): AskingLimits {
  const limiter = (name: string, count: AskedCount, keysMax = PAYMENTS_MAX): SharedAttemptLimiter => {
    const own = new AttemptLimiter({ runtime, ...count, keysMax });
    return new SharedAttemptLimiter(own, cache?.attempts({ name, ...count }));
  };
  const asked = { attemptsMax: ASKED_MAX, windowMs: WINDOW_MS };
  return {
    sync: limiter("pay-sync", asked),
    shut: limiter("pay-shut", asked),
    poll: limiter("pay-poll", { attemptsMax: queriesPerSecond, windowMs: SECOND_MS }, ACCOUNTS_MAX),
    pollLine: new TurnLine(runtime, SECOND_MS / queriesPerSecond),
  };
}

/**
 * Counts that channels are to be asked about a payment, before they are.
 *
 * @throws AppError RESOURCE_EXHAUSTED PAY_SYNC_LIMITED where that was done too often.
 */
export async function takeSync({ sync }: AskingLimits, payId: number): Promise<void> {
  const waitSeconds = await sync.take(String(payId));
  if (waitSeconds > 0) throw paySyncLimited(waitSeconds);
}
