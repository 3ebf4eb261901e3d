import type { Call, Runtime } from "@mall/kit/context";
import { AppError } from "@mall/kit/errors";
import { AttemptLimiter, clientKey } from "@mall/kit/resilience";

const WINDOW_MS = 60_000;
/** Bounds the memory of a limit, about 100 bytes an entry. */
const KEYS_MAX = 100_000;

/** Counts the attempts of each client address. */
export interface ClientLimit {
  /** Takes an attempt of the client that a call comes from; throws where it has none left. */
  take(call: Call): void;
}

/**
 * A limit of attempts per minute and client address; 0 for none. A call that came without an address, as in a
 * test of the logic alone, has no limit.
 */
export function createClientLimit(runtime: Runtime, perMinute: number): ClientLimit {
  if (perMinute === 0) return { take: () => {} };
  const limiter = new AttemptLimiter({
    runtime,
    attemptsMax: perMinute,
    windowMs: WINDOW_MS,
    keysMax: KEYS_MAX,
  });
  return {
    take: ({ clientAddress }) => {
      if (clientAddress === undefined) return;
      const wait = limiter.take(clientKey(clientAddress));
      if (wait > 0) throw clientLimited(wait);
    },
  };
}

function clientLimited(retryAfterSeconds: number): AppError {
  const message = "操作过于频繁，请稍后再试";
  return new AppError("RESOURCE_EXHAUSTED", "CLIENT_LIMITED", message, { retryAfterSeconds });
}
