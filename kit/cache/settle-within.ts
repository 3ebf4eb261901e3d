import type { Runtime } from "@mall/kit/runtime";

/**
 * Settles as `work` does, or rejects after `ms`. An answer that lies in the socket while this process was busy
 * counts: input is read once more before the time is up.
 */
export function settleWithin<T>(runtime: Runtime, ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = runtime.setTimer(() => {
      runtime.setImmediate(() => reject(new Error(`no answer within ${ms} ms`)));
    }, ms);
    work.then(
      (value) => {
        timer.clear();
        resolve(value);
      },
      (error: unknown) => {
        timer.clear();
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
