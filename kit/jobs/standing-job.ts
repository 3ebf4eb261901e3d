import type { Call } from "@mall/kit/call";
import type { Logger } from "@mall/kit/log";
import type { JobOutcome } from "./job-queue.ts";

/** Pauses between two looks: the longest finds what another process or an operator has changed. */
const PAUSE_MS_MIN = 1_000;
const PAUSE_MS_MAX = 60_000;
/** After a look that failed; an outage is mostly over soon, and what is due waits for the next look. */
const PAUSE_MS_FAILED = 5_000;

/**
 * The handler of a job that looks for what is due, for ever: one for all processes. It never fails for so long that it
 * would be given up.
 *
 * @param what it looks for, as its log line says
 * @param look does what is due, and says how many milliseconds later to look again
 */
export function standingJob(
  log: Logger,
  what: string,
  look: (call: Call) => Promise<number>,
): (call: Call) => Promise<JobOutcome> {
  return async (call) => {
    try {
      return { again: await look(call) };
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
