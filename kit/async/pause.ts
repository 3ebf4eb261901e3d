import type { Runtime } from "@mall/kit/runtime";

/** How long discovery waits after a failure before it tries again, milliseconds; as go-zero does. */
export const RETRY_MS = 1_000;

/** Resolves after `delayMs`, or at once when `signal` ends. */
export function pause(runtime: Runtime, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      timer.clear();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = runtime.setTimer(done, delayMs);
    signal.addEventListener("abort", done);
  });
}
