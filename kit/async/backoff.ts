import type { Runtime } from "@mall/kit/runtime";

/** The pauses between attempts at one thing, milliseconds. */
export interface Backoff {
  /** The longest pause after the first failure. */
  readonly firstMs: number;
  /** What no pause is longer than. */
  readonly lastMs: number;
}

/**
 * Milliseconds from the `failures`-th failure in a row to the next attempt: doubled each time, of which chance takes up
 * to half, so that what failed together does not come back together ("equal jitter" in M. Brooker, Exponential Backoff
 * And Jitter, 2015).
 */
export function backoffMs(runtime: Runtime, failures: number, { firstMs, lastMs }: Backoff): number {
  const longest = Math.min(firstMs * 2 ** (failures - 1), lastMs);
  const [high = 0, low = 0] = runtime.randomBytes(2);
  return Math.ceil(longest * (0.5 + (high * 256 + low) / 131_072));
}
