import type { Random } from "../kernel/index.ts";
import {
  CHANNEL_FAULT_RATES_MAX,
  FAULT_KINDS,
  FAULT_RATES_MAX,
  type FaultKind,
  REDIS_FAULT_RATES_MAX,
} from "./fault-kinds.ts";

/** The chance of each kind on each of its occasions; 0 or absent for none. */
type Rates = Readonly<Partial<Record<FaultKind, number>>>;

/** How often things fail in a run. */
export interface FaultRates {
  readonly everywhere: Rates;
  /** At one place and on the ways to and from it, where that is another rate. */
  readonly focus?: { readonly place: FaultPlace; readonly rates: Rates };
}

/** Where most of the faults of a run may be. */
export type FaultPlace = "bank" | "product";

/** One run in so many has no faults at all: what fails then is simply wrong. */
const CALM_RUNS = 0.08;
/** Of the kinds that a run has. Few kinds at high rates find what all kinds together drown. */
const KIND_SHARES = [0.15, 0.35, 0.7] as const;

/** Where little reaches a place at all, little can go wrong there: elsewhere a run about it has so much less. */
const KIND_SHARES_ELSEWHERE = [0, 0.15, 0.35] as const;
/** Where the caches are well, their distance alone may be enough for a mistake. */
const KIND_SHARES_OF_REDIS = [0, 0, 0.25, 0.6] as const;
const KIND_SHARES_OF_CHANNELS = [0, 0.3, 0.6] as const;
const MESSAGE_KINDS = ["dropRequest", "dropAnswer", "breakConnection", "duplicate", "delay"] as const;
/** What may go wrong more often at a place. */
const KINDS_AT = {
  bank: [...MESSAGE_KINDS, "bankError", "refundRefused", "refundProcessing", "refundFailed"],
  product: MESSAGE_KINDS,
} as const satisfies Record<FaultPlace, readonly (keyof typeof FAULT_RATES_MAX)[]>;
const KIND_SHARE_THERE = 0.6;
/** How much more often at most than elsewhere. */
const FACTOR_THERE = 4;
const RATE_THERE_MAX = 0.6;

/** Which kinds a run has, each with its rate; with a place, much of it there and little elsewhere. */
export function drawRates(random: Random, place?: FaultPlace): FaultRates {
  const isCalm = random.chance(CALM_RUNS);
  const share = random.pick(place === undefined ? KIND_SHARES : KIND_SHARES_ELSEWHERE);
  const everywhere: Partial<Record<FaultKind, number>> = {};
  for (const kind of FAULT_KINDS) {
    const isTaken = random.chance(share);
    const rate = FAULT_RATES_MAX[kind] * 4 ** -random.int(0, 2);
    if (isTaken && !isCalm) everywhere[kind] = rate;
  }
  if (place === undefined || isCalm) return { everywhere };
  return { everywhere, focus: { place, rates: drawRatesThere(random, KINDS_AT[place]) } };
}

/** As drawRates, with what may go wrong at the caches. */
export function drawRatesWithRedis(random: Random, place?: FaultPlace): FaultRates {
  const rates = drawRates(random, place);
  return withKinds(rates, random, { shares: KIND_SHARES_OF_REDIS, ratesMax: REDIS_FAULT_RATES_MAX });
}

/** The same, with what may go wrong at real channels. */
export function withChannelFaults(rates: FaultRates, random: Random): FaultRates {
  return withKinds(rates, random, { shares: KIND_SHARES_OF_CHANNELS, ratesMax: CHANNEL_FAULT_RATES_MAX });
}

function withKinds(
  { everywhere, focus }: FaultRates,
  random: Random,
  { shares, ratesMax }: { readonly shares: readonly number[]; readonly ratesMax: Rates },
): FaultRates {
  const rates: Partial<Record<FaultKind, number>> = { ...everywhere };
  const share = random.pick(shares);
  for (const [kind, rateMax] of Object.entries(ratesMax)) {
    const isTaken = random.chance(share);
    const rate = rateMax * 4 ** -random.int(0, 2);
    // The keys of rates are kinds.
    if (isTaken) rates[kind as FaultKind] = rate;
  }
  return { everywhere: rates, ...(focus === undefined ? {} : { focus }) };
}

function drawRatesThere(random: Random, kinds: readonly (keyof typeof FAULT_RATES_MAX)[]): Rates {
  const rates: Partial<Record<FaultKind, number>> = {};
  for (const kind of kinds) {
    const isTaken = random.chance(KIND_SHARE_THERE);
    const rate = FAULT_RATES_MAX[kind] * FACTOR_THERE * 4 ** -random.int(0, 2);
    if (isTaken) rates[kind] = Math.min(rate, RATE_THERE_MAX);
  }
  return rates;
}
