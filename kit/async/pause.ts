import type { Runtime } from "@mall/kit/runtime";

/** Resolves after `delayMs`, or at once when `signal` ends. */
export function pause(runtime: Runtime, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = (): void => {
      timer.clear();
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = runtime.setTimer(done, delayMs);
    signal?.addEventListener("abort", done);
  });
}
