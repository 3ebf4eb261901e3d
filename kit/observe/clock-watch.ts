import type { Logger } from "@mall/kit/log";
import { measureSkew, type Runtime, SKEW_MS_WARN, skewText, surelyOff } from "@mall/kit/runtime";
import type { GaugeReading } from "./gauge.ts";
import type { Observer } from "./observer.ts";

const SKEW = {
  name: "mall_clock_skew_seconds",
  help: "how far the clock of a database's server is ahead of this process's, below 0 behind",
  labels: ["address"],
};

/** The clock of a database's server, with which a process compares its own. */
export interface WatchedClock {
  readonly address: string;
  /** What it shows, milliseconds since the epoch; undefined where it does not tell. */
  readonly ask: () => Promise<number | undefined>;
}

/** Looks at a clock. Never rejects: who does not answer is somebody else's news. */
type LookAtClock = () => Promise<void>;

/**
 * Compares a clock with this process's whenever metrics are fetched, and when the returned function is called. The log
 * says once that it is off, and once that it is right again.
 */
export function watchClock(
  { address, ask }: WatchedClock,
  {
    runtime,
    log,
    observer,
  }: { readonly runtime: Runtime; readonly log: Logger; readonly observer: Observer },
): LookAtClock {
  let isOff = false;
  const look = async (): Promise<readonly GaugeReading[]> => {
    const skew = await measureSkew(runtime, ask);
    if (skew === undefined) return [];
    const wasOff = isOff;
    isOff = surelyOff(skew) > SKEW_MS_WARN;
    const name = `the clock of the database at ${address}`;
    if (isOff && !wasOff) log.warn({}, `${name} is ${skewText(skew)} this process's`);
    if (!isOff && wasOff) log.info({}, `${name} and this process's agree again`);
    return [{ labels: [address], value: skew.aheadMs / 1000 }];
  };
  observer.gauge(SKEW, look);
  return async () => {
    await look().catch(() => {});
  };
}
