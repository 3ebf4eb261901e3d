import { hashText, type Kernel, mix, Random } from "../kernel/index.ts";
import type { FaultRates } from "./draw-rates.ts";
import type { FaultKind } from "./fault-kinds.ts";

/** One fault that happened. */
export interface Fault {
  /** Names the occasion, the same in every run of the seed: `dropAnswer@order>product#3`. */
  readonly id: string;
  /** For what the fault still has to draw, so that other faults do not move it. */
  readonly random: Random;
}

/** Which faults a run has. */
export interface FaultPlan {
  readonly rates: FaultRates;
  /** Virtual milliseconds after which nothing fails any more. */
  readonly untilMs: number;
  /** Instead of rates: exactly these. For runs that are made smaller. */
  readonly only?: ReadonlySet<string>;
}

/**
 * Decides at each occasion whether something goes wrong. The decision follows from the seed and the occasion's name
 * alone, so that leaving one fault out leaves the others, as far as their occasions still come.
 */
export class Faults {
  readonly #kernel: Kernel;
  readonly #plan: FaultPlan;
  readonly #counts = new Map<string, number>();
  /** The ids of those that happened, in order. */
  readonly struck: string[] = [];

  constructor(kernel: Kernel, plan: FaultPlan) {
    this.#kernel = kernel;
    this.#plan = plan;
  }

  /** True once nothing fails any more. */
  get over(): boolean {
    return this.#kernel.now >= this.#plan.untilMs;
  }

  /** The fault of this occasion, if there is one; `where` tells occasions of a kind apart. */
  strikes(kind: FaultKind, where: string): Fault | undefined {
    const { only } = this.#plan;
    const rate = this.#rateOf(kind, where);
    if ((rate === 0 && only === undefined) || this.over) return undefined;
    const place = `${kind}@${where}`;
    const count = (this.#counts.get(place) ?? 0) + 1;
    this.#counts.set(place, count);
    const draw = mix(mix(this.#kernel.seed, hashText(place)), count);
    if (only === undefined ? draw / 0x100000000 >= rate : !only.has(`${place}#${count}`)) return undefined;
    const id = `${place}#${count}`;
    this.struck.push(id);
    this.#kernel.log("fault", id);
    return { id, random: new Random(mix(draw, 1)) };
  }

  #rateOf(kind: FaultKind, where: string): number {
    const { everywhere, focus } = this.#plan.rates;
    // A way is named by both of its ends.
    const there = focus !== undefined && where.includes(focus.place) ? focus.rates[kind] : undefined;
    return there ?? everywhere[kind] ?? 0;
  }
}
