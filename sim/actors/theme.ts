import type { Random } from "../kernel/index.ts";

const THEMES = ["orders", "payments", "late", "held", "refunds", "callbacks"] as const;

/** What the people of a run do more of than of anything else. */
export type Theme = (typeof THEMES)[number] | "crowds";

/** Runs that are about nothing in particular. */
const MIXED_RUNS = 0.3;

/** What a run is about; undefined for nothing in particular. */
export function drawTheme(random: Random): Theme | undefined {
  return random.chance(MIXED_RUNS) ? undefined : random.pick(THEMES);
}

/** Where many processes and caches serve: in so many of the runs crowds come, who need stock. */
const CROWD_RUNS = 0.4;

/** As drawTheme, where crowds come too. */
export function drawThemeWithCrowds(random: Random): Theme | undefined {
  return random.chance(CROWD_RUNS) ? "crowds" : drawTheme(random);
}
