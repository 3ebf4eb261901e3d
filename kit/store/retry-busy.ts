import type { Runtime } from "@mall/kit/runtime";
import { DatabaseBusyError } from "./store-errors.ts";

const ATTEMPTS_MAX = 10;
const DELAY_MS_FIRST = 10;
const DELAY_MS_MAX = 500;

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

/**
 * Waits before what has failed so often is tried again: between half and all of a delay, as two transactions that met
 * once must not meet again.
 */
export function pauseAfter(runtime: Runtime, attempts: number): Promise<void> {
  const delayMs = Math.min(DELAY_MS_FIRST * 2 ** (attempts - 1), DELAY_MS_MAX);
  const [byte = 0] = runtime.randomBytes(1);
  return new Promise((resolve) => {
    runtime.setTimer(resolve, Math.ceil(delayMs * (0.5 + byte / 512)));
  });
}
