import { type Backoff, backoffMs, pause } from "@mall/kit/async";
import type { Runtime } from "@mall/kit/runtime";
import { DatabaseBusyError } from "./store-errors.ts";

const ATTEMPTS_MAX = 10;
const BACKOFF: Backoff = { firstMs: 10, lastMs: 500 };

/** Runs `work` again, after a growing random pause, while it fails with DatabaseBusyError: at most 10 times. */
export async function retryBusy<T>(runtime: Runtime, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DatabaseBusyError) || attempt === ATTEMPTS_MAX) throw error;
    }
    await pauseAfter(runtime, attempt);
  }
}

/** Waits before what has failed so often is tried again: two transactions that met once must not meet again. */
export function pauseAfter(runtime: Runtime, attempts: number): Promise<void> {
  return pause(runtime, backoffMs(runtime, attempts, BACKOFF));
}
