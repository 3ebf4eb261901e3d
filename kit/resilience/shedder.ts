import { AppError } from "@mall/kit/errors";
import type { Runtime } from "@mall/kit/runtime";
import { BucketRing } from "./bucket-ring.ts";
import { LoadAverage } from "./load-average.ts";

const BUCKETS = 50;
const BUCKET_MS = 100;
/** Until something was measured: large, so that nothing is refused. */
const RT_MS_UNKNOWN = 1000;
/**
 * Work that is done within this time is not worth refusing. One event loop works in batches, so that under
 * full load its answers take several times the smallest time measured, without anybody having to wait long.
 */
const RT_MS_MIN = 100;
/** Fully loaded, the time that requests took is no measure of what they need; this share of it is taken then. */
const FULL_LOAD_FACTOR = 0.1;
/** How much of the average of requests in work stays when one ends. */
const RUNNING_BETA = 0.9;
/** So long after an overload requests may still be refused, although the load is below the threshold. */
const COOL_OFF_MS = 1000;

export interface ShedderOptions {
  readonly runtime: Runtime;
  /** Per mille of the event loop's time above which requests may be refused, 1 to 1000; go-zero's default is 900. */
  readonly cpuThreshold: number;
  /** Per mille of its time that the event loop was busy since the last call. */
  readonly measureLoad: () => number;
  /** Told of every request that is refused. */
  readonly onRefusal: () => void;
}

/**
 * Adaptive load shedding as go-zero does it (core/load/adaptiveshedder.go): while the processor is busy, no
 * more requests are taken into work than the best moments of the last 5 s finished in the shortest time they
 * took (Little's law), because more only makes all of them late. What is measured is the event loop instead
 * of the machine's processors: it is the one thread that all requests share.
 *
 * Ask `isOverloaded` before a request is worked on, then call `begin`, and `end` when it is done.
 */
export class Shedder {
  readonly #runtime: Runtime;
  readonly #threshold: number;
  readonly #onRefusal: () => void;
  readonly #load: LoadAverage;
  readonly #ring: BucketRing;
  readonly #passes = new Uint32Array(BUCKETS);
  readonly #passedMs = new Float64Array(BUCKETS);
  #running = 0;
  #averageRunning = 0;
  #overloadedAt = Number.NEGATIVE_INFINITY;
  #hasRefused = false;

  constructor({ runtime, cpuThreshold, measureLoad, onRefusal }: ShedderOptions) {
    this.#runtime = runtime;
    this.#threshold = cpuThreshold;
    this.#onRefusal = onRefusal;
    this.#load = new LoadAverage(runtime.elapsed(), measureLoad);
    this.#ring = new BucketRing({
      runtime,
      buckets: BUCKETS,
      bucketMs: BUCKET_MS,
      clear: (bucket) => {
        this.#passes[bucket] = 0;
        this.#passedMs[bucket] = 0;
      },
    });
  }

  /** Whether the next request is to be refused. */
  isOverloaded(): boolean {
    const now = this.#runtime.elapsed();
    const load = this.#load.at(now);
    if (!this.#isHot(now, load)) return false;
    const max = this.#runningMax(load);
    if (this.#averageRunning <= max || this.#running <= max) return false;
    this.#hasRefused = true;
    this.#onRefusal();
    return true;
  }

  /** A request is taken into work; returns the moment, which `end` wants. */
  begin(): number {
    this.#running += 1;
    return this.#runtime.elapsed();
  }

  /** A request that began at `beganAt` has ended; one that failed says nothing about how fast the work goes. */
  end(beganAt: number, succeeded: boolean): void {
    this.#running -= 1;
    this.#averageRunning = this.#averageRunning * RUNNING_BETA + this.#running * (1 - RUNNING_BETA);
    if (!succeeded) return;
    const bucket = this.#ring.current();
    this.#passes[bucket] = (this.#passes[bucket] ?? 0) + 1;
    this.#passedMs[bucket] = (this.#passedMs[bucket] ?? 0) + Math.ceil(this.#runtime.elapsed() - beganAt);
  }

  #isHot(now: number, load: number): boolean {
    if (load >= this.#threshold) {
      this.#overloadedAt = now;
      return true;
    }
    if (now - this.#overloadedAt >= COOL_OFF_MS) this.#hasRefused = false;
    return this.#hasRefused;
  }

  /** How many requests may be in work at once. */
  #runningMax(load: number): number {
    const collecting = this.#ring.current();
    let passesMax = 1;
    let rtMs = RT_MS_UNKNOWN;
    for (const bucket of this.#ring.fromOldest()) {
      const passes = this.#passes[bucket] ?? 0;
      // The bucket that still collects would be judged by a part of its time.
      if (passes === 0 || bucket === collecting) continue;
      passesMax = Math.max(passesMax, passes);
      rtMs = Math.min(rtMs, Math.round((this.#passedMs[bucket] ?? 0) / passes));
    }
    const spare = (1000 - load) / Math.max(1, 1000 - this.#threshold);
    const allowedMs = rtMs * Math.min(1, Math.max(FULL_LOAD_FACTOR, spare));
    return Math.max(1, (passesMax * Math.max(allowedMs, RT_MS_MIN)) / BUCKET_MS);
  }
}

/** What a request fails with that is shed; the text is go-zero's. */
export function serviceOverloaded(): AppError {
  return new AppError("RESOURCE_EXHAUSTED", SERVICE_OVERLOADED, "service overloaded", {
    retryAfterSeconds: 1,
  });
}

/** The reason of a request that was shed. */
export const SERVICE_OVERLOADED = "SERVICE_OVERLOADED";
