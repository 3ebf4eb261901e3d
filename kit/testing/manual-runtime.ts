import { randomBytes } from "node:crypto";
import type { Runtime } from "@mall/kit/runtime";

/** A runtime whose time stands still until a test moves it. */
export interface ManualRuntime extends Runtime {
  /** Moves time forward and fires the timers that come due, in order. */
  advance(ms: number): void;
  /** Timers that have neither fired nor been cleared. */
  readonly timersPending: number;
}

interface PendingTimer {
  readonly dueAt: number;
  readonly callback: () => void;
}

/** Time starts at `startAt`, milliseconds since the epoch, and moves only by `advance`. */
export function createManualRuntime(startAt = 1_700_000_000_000): ManualRuntime {
  let now = startAt;
  const pending = new Set<PendingTimer>();
  const nextDue = (until: number): PendingTimer | undefined =>
    [...pending].filter((timer) => timer.dueAt <= until).sort((left, right) => left.dueAt - right.dueAt)[0];
  return {
    now: () => now,
    elapsed: () => now - startAt,
    randomBytes: (length) => randomBytes(length),
    setTimer: (callback, delayMs) => {
      const timer = { dueAt: now + delayMs, callback };
      pending.add(timer);
      return { clear: () => pending.delete(timer) };
    },
    setImmediate: (callback) => {
      setImmediate(callback);
    },
    advance: (ms) => {
      const until = now + ms;
      for (let timer = nextDue(until); timer !== undefined; timer = nextDue(until)) {
        pending.delete(timer);
        now = timer.dueAt;
        timer.callback();
      }
      now = until;
    },
    get timersPending() {
      return pending.size;
    },
  };
}
