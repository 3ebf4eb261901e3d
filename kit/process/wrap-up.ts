import { pause } from "@mall/kit/async";
import type { ShutdownConfig } from "@mall/kit/config";
import type { Runtime } from "@mall/kit/runtime";

/**
 * Waits `Shutdown.WrapUpTime`, in which balancers and peers find out that a process is leaving, which serves all the
 * while; go-zero's core/proc waits alike.
 *
 * @returns how long its servers may then take to close, milliseconds: what is left of `Shutdown.WaitTime`.
 */
export async function wrapUp(runtime: Runtime, { WrapUpTime, WaitTime }: ShutdownConfig): Promise<number> {
  const waitMs = Math.min(WrapUpTime, WaitTime);
  if (waitMs > 0) await pause(runtime, waitMs);
  return WaitTime - waitMs;
}
