import type { Runtime } from "./runtime.ts";

/** How far another clock is ahead of this process's, as far as a question over the network can tell. */
export interface ClockSkew {
  /** Milliseconds; below 0 it is behind. */
  readonly aheadMs: number;
  /** The most by which that may be wrong, milliseconds: half of the way there and back. */
  readonly errorMs: number;
}

const QUESTIONS_MAX = 5;
/** After so long no other question is asked, milliseconds: whoever wants to know waits for it. */
const ASKING_MS_MAX = 2_000;
/** So near that no other question is worth it, milliseconds. */
const GOOD_ERROR_MS = 10;

/**
 * Compares a clock with this process's. The answer is taken to come from the middle of the way there and back, and of
 * a few answers that of the shortest way counts, so that a slow network or a busy process is no clock that is off.
 * Resolves with undefined where `ask`, in milliseconds since the epoch, does; rejects as it does.
 */
export async function measureSkew(
  runtime: Runtime,
  ask: () => Promise<number | undefined>,
): Promise<ClockSkew | undefined> {
  const firstAt = runtime.elapsed();
  let best: ClockSkew | undefined;
  for (let question = 0; question < QUESTIONS_MAX; question += 1) {
    const [askedAt, begun] = [runtime.now(), runtime.elapsed()];
    const told = await ask();
    if (told === undefined) return undefined;
    const end = runtime.elapsed();
    const errorMs = (end - begun) / 2;
    if (best === undefined || errorMs < best.errorMs) {
      best = { aheadMs: told - (askedAt + errorMs), errorMs };
    }
    if (best.errorMs <= GOOD_ERROR_MS || end - firstAt >= ASKING_MS_MAX) break;
  }
  return best;
}

/** The least by which the clocks differ whatever the way there took, milliseconds. */
export function surelyOff({ aheadMs, errorMs }: ClockSkew): number {
  return Math.max(0, Math.abs(aheadMs) - errorMs);
}

/** From how many milliseconds on a clock that is off deserves a look. */
export const SKEW_MS_WARN = 1_000;

/**
 * From how many milliseconds on a clock must be put right. The processes that share a database compare each other's
 * times, and its server's clock is what all of them can be compared with: two that are both nearer to it differ by
 * less than 10 s from each other. That is less than a job's claim lasts (`Jobs.Lease`, 15 s by default), so that no
 * job is taken from a process that has just begun it.
 */
export const SKEW_MS_MAX = 5_000;

/** A skew for people, before the words for this process: `3.2 s ahead of`, `3.2 s behind`. */
export function skewText({ aheadMs }: ClockSkew): string {
  return `${(Math.abs(aheadMs) / 1000).toFixed(1)} s ${aheadMs < 0 ? "behind" : "ahead of"}`;
}
