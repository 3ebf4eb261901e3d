import { backgroundCall, runWithTimeout } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { Logger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";

/** For closing connections after the last request, beyond `Shutdown.WaitTime`, milliseconds. */
const CLOSE_MS = 500;

/**
 * Runs the steps that stop a process, for `waitMs` (`Shutdown.WaitTime`) and a moment for closing. What hangs
 * then, such as the goodbye to a database that does not answer, is left to the process's end.
 */
export async function stopInTime(
  { runtime, log }: { readonly runtime: Runtime; readonly log: Logger },
  waitMs: number,
  steps: () => Promise<void>,
): Promise<void> {
  try {
    await runWithTimeout(runtime, backgroundCall(), waitMs + CLOSE_MS, steps);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "DEADLINE_EXCEEDED") throw error;
    log.warn({}, "stopped before everything was closed: something does not answer");
  }
}
