import { type Call, runWithTimeout } from "@mall/kit/call";
import type { Logger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";
import type { JobOutcome } from "./job-queue.ts";

/** Pauses between two looks: the longest finds what another process or an operator has changed. */
const PAUSE_MS_MIN = 1_000;
const PAUSE_MS_MAX = 60_000;
/** After a look that failed; an outage is mostly over soon, and what is due waits for the next look. */
const PAUSE_MS_FAILED = 5_000;

/** How long a look works at most at what is due, before another goes on: well below the time of an attempt. */
export const LOOK_MS_MAX = 2_000;
/** Of an attempt's time that a look may take; the rest is for saying when to look again. */
const LOOK_SHARE = 0.8;

/**
 * The handler of a job that looks for what is due, for ever: one for all processes. It never fails for so long that it
 * would be given up.
 *
 * @param context who looks
 * @param what it looks for, as its log line says
 * @param look does what is due, and says how many milliseconds later to look again
 */
export function standingJob(
  { log, runtime }: { readonly log: Logger; readonly runtime: Runtime },
  what: string,
  look: (call: Call) => Promise<number>,
): (call: Call) => Promise<JobOutcome> {
  return async (call) => {
    try {
      // A look that its attempt would break off, as on a slow database, is no failure of the job either.
      const leftMs = LOOK_SHARE * (call.deadline - runtime.now());
      return { again: await runWithTimeout(runtime, call, leftMs, look) };
    } catch (error) {
      if (call.error !== undefined) throw error;
      log.warn({ error }, `could not look for ${what}; trying again`);
      return { again: PAUSE_MS_FAILED };
    }
  };
}

/**
 * How long to wait where the next is due in `leftMs` milliseconds, undefined for none known.
 *
 * @param soonestMs the least that anything made from now on lasts; 0 where it lasts for ever
 */
export function untilNextLook(leftMs: number | undefined, soonestMs: number): number {
  const longest = soonestMs > 0 ? Math.min(soonestMs, PAUSE_MS_MAX) : PAUSE_MS_MAX;
  return Math.max(PAUSE_MS_MIN, Math.min(leftMs ?? longest, longest));
}
