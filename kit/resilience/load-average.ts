import { performance } from "node:perf_hooks";

const SAMPLE_MS = 250;
/** How much of the average stays at each sample; as in go-zero. */
const BETA = 0.95;

/** A load that is sampled every 250 ms and averaged over the last seconds, without a timer of its own. */
export class LoadAverage {
  readonly #measure: () => number;
  #average = 0;
  #sampledAt: number;

  /** `now` is in milliseconds from any beginning; `measure` tells the load since it was last called. */
  constructor(now: number, measure: () => number) {
    this.#measure = measure;
    this.#sampledAt = now;
  }

  /** The average, at most 250 ms old. A time in which nobody asked counts as so many equal samples. */
  at(now: number): number {
    const samples = Math.floor((now - this.#sampledAt) / SAMPLE_MS);
    if (samples > 0) {
      const stays = BETA ** samples;
      this.#average = this.#average * stays + this.#measure() * (1 - stays);
      this.#sampledAt = now;
    }
    return this.#average;
  }
}

/**
 * Tells, at each call, for how many per mille of the time since the last one the event loop was busy. That
 * includes the time it was ready to work and the machine gave it no processor, which `process.cpuUsage`
 * would call idle; and not the work of other threads, such as the hashing of passwords, which it would count.
 */
export function createLoopMeter(): () => number {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization * 1000;
  };
}
