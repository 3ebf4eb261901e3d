import { FIGURES, type HourFigure } from "../model/pay-hour-model.ts";

/** The figures of something, each of them a sum. */
export type Figures = Record<HourFigure, number>;

/** What figures are of. */
export interface Place {
  /** Number of the hour, minute or bucket. */
  readonly slot: number;
  /** Empty for none. */
  readonly channel: string;
  /** Empty for none. */
  readonly currency: string;
}

export interface PlacedFigures extends Place {
  readonly figures: Figures;
}

/** Upper ends of the classes of seconds from prepay to paid, and the figure that counts each. */
const CLASSES: readonly (readonly [number, HourFigure])[] = [
  [5, "elapsed5"],
  [10, "elapsed10"],
  [15, "elapsed15"],
  [20, "elapsed20"],
  [30, "elapsed30"],
  [45, "elapsed45"],
  [60, "elapsed60"],
  [90, "elapsed90"],
  [120, "elapsed120"],
  [180, "elapsed180"],
  [300, "elapsed300"],
  [600, "elapsed600"],
  [900, "elapsed900"],
  [1_800, "elapsed1800"],
  [3_600, "elapsed3600"],
];
/** What the class without an upper end counts as, seconds. */
const LONGEST = 86_400;

/** The figure that counts a success which took so many seconds. */
export function classOf(seconds: number): HourFigure {
  return CLASSES.find(([end]) => seconds <= end)?.[1] ?? "elapsedMore";
}

/** Within how many seconds this share (0 to 1) of the successes came: the upper end of its class; 0 for none. */
export function percentile(figures: Figures, share: number): number {
  const classes = [...CLASSES, [LONGEST, "elapsedMore"] as const];
  const all = classes.reduce((sum, [, figure]) => sum + figures[figure], 0);
  let below = 0;
  for (const [end, figure] of classes) {
    below += figures[figure];
    if (below > 0 && below >= all * share) return end;
  }
  return 0;
}

/** Adds figures up by what they are of. */
export class FigureSums {
  readonly #sums = new Map<string, PlacedFigures>();

  add({ slot, channel, currency }: Place, figures: Partial<Figures>): void {
    const key = JSON.stringify([slot, channel, currency]);
    const place = this.#sums.get(key) ?? { slot, channel, currency, figures: nothing() };
    this.#sums.set(key, place);
    for (const [name, value] of Object.entries(figures)) place.figures[name as HourFigure] += value;
  }

  /** In the order of slot, channel and currency. */
  all(): PlacedFigures[] {
    return [...this.#sums.values()].sort(
      (one, other) =>
        one.slot - other.slot || order(one.channel, other.channel) || order(one.currency, other.currency),
    );
  }
}

function order(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function nothing(): Figures {
  // Each of the names is a figure's.
  return Object.fromEntries(Object.keys(FIGURES).map((name) => [name, 0])) as Figures;
}
