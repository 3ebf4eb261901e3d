import { BlockList, isIPv6 } from "node:net";
import type { Cache } from "@mall/kit/cache";
import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { Logger } from "@mall/kit/log";
import { AttemptLimiter, clientKey, SharedAttemptLimiter } from "@mall/kit/resilience";
import type { Runtime } from "@mall/kit/runtime";

const WINDOW_MS = 60_000;
/** Bounds the memory of a limit, about 100 bytes an entry. */
const KEYS_MAX = 100_000;

/** Counts the attempts of each client address, with the other processes where there is a cache. */
export interface ClientLimit {
  /** Takes an attempt of the client that a call comes from; rejects where it has none left. */
  take(call: Call): Promise<void>;
}

export interface ClientLimitOptions {
  readonly runtime: Runtime;
  readonly log: Logger;
  /** Tells its count from others on the same cache. */
  readonly name: string;
  /** 0 for no limit. */
  readonly perMinute: number;
  readonly cache: Cache | undefined;
}

/**
 * A limit of attempts per minute and client address. Whoever comes from a private network is not limited:
 * that is a proxy in front, which speaks for all clients, until `TrustedProxies` names it and its clients can
 * be told apart; or somebody inside.
 */
export function createClientLimit(options: ClientLimitOptions): ClientLimit {
  const { runtime, log, name, perMinute, cache } = options;
  if (perMinute === 0) return { take: async () => {} };
  const count = { attemptsMax: perMinute, windowMs: WINDOW_MS };
  const own = new AttemptLimiter({ runtime, ...count, keysMax: KEYS_MAX });
  const limiter = new SharedAttemptLimiter(own, cache?.attempts({ name, ...count }));
  let hasTold = false;
  return {
    take: async ({ clientAddress }) => {
      if (clientAddress === undefined) return;
      const key = clientKey(clientAddress);
      if (!isPrivate(clientAddress)) {
        const wait = await limiter.take(key);
        if (wait > 0) throw clientLimited(wait);
      } else if (!hasTold) {
        hasTold = true;
        log.warn(
          { address: key },
          "clients of a private network have no limit: is this a proxy to name in TrustedProxies?",
        );
      }
    },
  };
}

/** What the attempts of a call's client are counted under. */
export function addressOf({ clientAddress }: Call): string | undefined {
  return clientAddress === undefined ? undefined : clientKey(clientAddress);
}

const PRIVATE = new BlockList();
for (const [network, bits] of [
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
] as const) {
  PRIVATE.addSubnet(network, bits, "ipv4");
}
for (const [network, bits] of [
  ["::1", 128],
  ["fc00::", 7],
  ["fe80::", 10],
] as const) {
  PRIVATE.addSubnet(network, bits, "ipv6");
}

/** Mapped IPv4 addresses (`::ffff:10.0.0.1`) are looked up as what they are. */
function isPrivate(address: string): boolean {
  const [plain = ""] = address.split("%");
  return PRIVATE.check(plain, isIPv6(plain) ? "ipv6" : "ipv4");
}

function clientLimited(retryAfterSeconds: number): AppError {
  const message = "操作过于频繁，请稍后再试";
  return new AppError("RESOURCE_EXHAUSTED", "CLIENT_LIMITED", message, { retryAfterSeconds });
}
