import { drawTheme, drawThemeWithCrowds, type Theme } from "../actors/index.ts";
import { drawRates, drawRatesWithRedis, type FaultPlace, type FaultRates } from "../faults/index.ts";
import type { Kernel } from "../kernel/index.ts";
import type { Topology } from "../nodes/index.ts";

/** How a mall may be placed: as it comes, or as a company runs it: MySQL, caches, several processes of each kind. */
export const SHAPES = ["embedded", "production"] as const;
export type Shape = (typeof SHAPES)[number];

/** The whole mall in one process, of all runs of a shape. */
const ALL_IN_ONE_SHARES: Readonly<Record<Shape, number>> = { embedded: 0.25, production: 0.4 };
const ALL_IN_ONE_WITH_CROWDS = 0.6;
/** How many processes there are of a kind. */
const PRODUCTION_REPLICAS = [1, 1, 2, 2, 3] as const;
/** Where crowds come: who shares a transaction is in one process. */
const REPLICAS_FOR_CROWDS = [1, 1, 2] as const;

/** Signatures cost time, so not every run has real channels. */
const REAL_CHANNELS_SHARE = 0.3;

/** In so many of the runs a second person is asked above a limit: some of a payment, or nearly all of it. */
const APPROVAL_SHARE = 0.25;
const APPROVALS_ABOVE = [1, 2_000, 9_000] as const;

/**
 * How long a statement takes at most, virtual milliseconds. While transactions take their time, others gather to share
 * the next.
 */
const STATEMENT_MS = 0.6;
const STATEMENT_MS_OF_SERVERS = [STATEMENT_MS, STATEMENT_MS, 4, 15] as const;
const STATEMENT_MS_WITH_CROWDS = [STATEMENT_MS, 4, 15] as const;

/** Which processes the run of a seed has. */
export function drawTopology(kernel: Kernel, shape: Shape, theme: Theme | undefined): Topology {
  const random = kernel.random("topology");
  const some = (): number => (random.chance(0.25) ? 2 : 1);
  const counts = theme === "crowds" ? REPLICAS_FOR_CROWDS : PRODUCTION_REPLICAS;
  const several = (): number => random.pick(counts);
  const replicas =
    shape === "embedded"
      ? { user: 1, product: some(), order: some(), pay: some(), api: 1 }
      : { user: several(), product: several(), order: several(), pay: several(), api: several() };
  const share = theme === "crowds" ? ALL_IN_ONE_WITH_CROWDS : ALL_IN_ONE_SHARES[shape];
  return { allInOne: random.chance(share), replicas };
}

/** How long a statement takes at most in the run of a seed, virtual milliseconds: a server may be far away. */
export function drawStatementMs(kernel: Kernel, shape: Shape, theme: Theme | undefined): number {
  if (shape === "embedded") return STATEMENT_MS;
  const distances = theme === "crowds" ? STATEMENT_MS_WITH_CROWDS : STATEMENT_MS_OF_SERVERS;
  return kernel.random("distance").pick(distances);
}

/** What the run of a seed is about; undefined for nothing in particular. */
export function drawThemeOf(kernel: Kernel, shape: Shape): Theme | undefined {
  const random = kernel.random("theme");
  return shape === "embedded" ? drawTheme(random) : drawThemeWithCrowds(random);
}

/** Whether the mall of a seed takes money at Alipay, WeChat Pay and Stripe, too. */
export function drawRealChannels(kernel: Kernel): boolean {
  return kernel.random("channels").chance(REAL_CHANNELS_SHARE);
}

/** What one person may move alone in the run of a seed, minor units; 0: all, as in most. */
export function drawApprovalAbove(kernel: Kernel): number {
  const random = kernel.random("approval");
  return random.chance(APPROVAL_SHARE) ? random.pick(APPROVALS_ABOVE) : 0;
}

/** How often things fail in the run of a seed; `place`: where most of it does. */
export function drawRatesOf(kernel: Kernel, shape: Shape, placeOf: PlaceOf): FaultRates {
  const random = kernel.random("rates");
  const place = placeOf((probability) => random.chance(probability));
  return shape === "embedded" ? drawRates(random, place) : drawRatesWithRedis(random, place);
}

type PlaceOf = (chance: (probability: number) => boolean) => FaultPlace | undefined;
