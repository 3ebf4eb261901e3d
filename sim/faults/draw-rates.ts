import type { Random } from "../kernel/index.ts";
import { FAULT_KINDS, FAULT_RATES_MAX, type FaultKind } from "./fault-kinds.ts";

/** One run in so many has no faults at all: what fails then is simply wrong. */
const CALM_RUNS = 0.08;
/** Of the kinds that a run has. Few kinds at high rates find what all kinds together drown. */
const KIND_SHARES = [0.15, 0.35, 0.7] as const;

/** Which kinds a run has, each with its rate. */
export function drawRates(random: Random): Partial<Record<FaultKind, number>> {
  const isCalm = random.chance(CALM_RUNS);
  const share = random.pick(KIND_SHARES);
  const rates: Partial<Record<FaultKind, number>> = {};
  for (const kind of FAULT_KINDS) {
    const isTaken = random.chance(share);
    const rate = FAULT_RATES_MAX[kind] * 4 ** -random.int(0, 2);
    if (isTaken && !isCalm) rates[kind] = rate;
  }
  return rates;
}
