import type { Runtime } from "@mall/kit/runtime";

export interface BucketRingOptions {
  readonly runtime: Runtime;
  readonly buckets: number;
  /** How long one bucket collects, milliseconds. */
  readonly bucketMs: number;
  /** Empties a bucket whose turn comes again. */
  readonly clear: (bucket: number) => void;
}

/** The buckets of a sliding window: which one collects now, and which ones have fallen out of the window. */
export class BucketRing {
  readonly #options: BucketRingOptions;
  /** Number of the bucket that collects now, counted from the runtime's beginning. */
  #turn: number;

  constructor(options: BucketRingOptions) {
    this.#options = options;
    this.#turn = Math.floor(options.runtime.elapsed() / options.bucketMs);
  }

  /** The bucket that collects now; those that have fallen out of the window since the last call are cleared. */
  current(): number {
    const { runtime, buckets, bucketMs } = this.#options;
    const turn = Math.floor(runtime.elapsed() / bucketMs);
    if (turn !== this.#turn) this.#clearUpTo(turn);
    return turn % buckets;
  }

  /** The buckets from the oldest to the one that collects now, as `current` last found them. */
  *fromOldest(): Generator<number> {
    const { buckets } = this.#options;
    for (let age = buckets - 1; age >= 0; age -= 1) yield (this.#turn - age + buckets) % buckets;
  }

  #clearUpTo(turn: number): void {
    const { buckets, clear } = this.#options;
    const passed = Math.min(turn - this.#turn, buckets);
    for (let back = 0; back < passed; back += 1) clear((turn - back) % buckets);
    this.#turn = turn;
  }
}
