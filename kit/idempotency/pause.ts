import type { Call } from "@mall/kit/call";
import type { Runtime } from "@mall/kit/runtime";

/** Resolves after `delayMs`, or at once when the call is over. */
export function pause(runtime: Runtime, call: Call, delayMs: number): Promise<void> {
  if (call.error !== undefined) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = runtime.setTimer(() => {
      leaveCall();
      resolve();
    }, delayMs);
    const leaveCall = call.onDone(() => {
      timer.clear();
      resolve();
    });
  });
}
