import type { Runtime } from "@mall/kit/runtime";

const DELAY_MS_FIRST = 100;
const DELAY_MS_MAX = 600_000;

/**
 * Milliseconds from the `failures`-th failure in a row to the next attempt: 100 ms, doubled each time up to ten
 * minutes, of which chance takes up to half, so that what failed together does not come back together.
 */
export function backoffMs(runtime: Runtime, failures: number): number {
  const longest = Math.min(DELAY_MS_FIRST * 2 ** (failures - 1), DELAY_MS_MAX);
  const [high = 0, low = 0] = runtime.randomBytes(2);
  return Math.ceil(longest * (0.5 + (high * 256 + low) / 131_072));
}
