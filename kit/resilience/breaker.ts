import { AppError } from "@mall/kit/errors";
import type { Runtime } from "@mall/kit/runtime";
import { BucketRing } from "./bucket-ring.ts";

const BUCKETS = 40;
const BUCKET_MS = 250;
/** So many calls for each success are let through: less of them the longer nothing but failures came. */
const K_MAX = 1.5;
const K_MIN = 1.1;
/** Calls of a window that are always let through. */
const PROTECTED_CALLS = 5;
/** After so many buckets with successes and no failure all calls are let through; go-zero waits for 40. */
const WORKING_BUCKETS = 20;
/** After this time without a call that was let through, the next one is. */
const FORCED_PASS_MS = 1000;

/**
 * The circuit breaker of go-zero (core/breaker/googlebreaker.go): client-side throttling as in Google's SRE
 * book, chapter 21. It never closes the way altogether. Of the calls of the last 10 s, it refuses the share
 * that exceeds K times the successes, so that what is down gets little more than it can answer, and gets
 * more as it answers again.
 *
 * Ask `allow` before each call and report its end with `succeed` or `fail`. An end that says nothing about
 * the other side is not reported: the caller left, a breaker further on refused, no peer was connected.
 *
 * In both that and WORKING_BUCKETS it differs from go-zero, whose breakers in a row, four from HTTP to SQL,
 * open again one after the other: some calls are refused for up to 30 s after what was down is back, here for
 * up to 8 s.
 */
export class Breaker {
  readonly #runtime: Runtime;
  readonly #onRefusal: () => void;
  readonly #ring: BucketRing;
  readonly #successes = new Uint32Array(BUCKETS);
  readonly #failures = new Uint32Array(BUCKETS);
  readonly #refusals = new Uint32Array(BUCKETS);
  /** Sums over the window, kept so that a closed breaker costs next to nothing. */
  #accepted = 0;
  #total = 0;
  #passedAt: number | undefined;

  /** `onRefusal` is called for every refused call. */
  constructor(runtime: Runtime, onRefusal: () => void) {
    this.#runtime = runtime;
    this.#onRefusal = onRefusal;
    this.#ring = new BucketRing({
      runtime,
      buckets: BUCKETS,
      bucketMs: BUCKET_MS,
      clear: (bucket) => this.#clear(bucket),
    });
  }

  /** Whether the next call may be made; one that may not is counted as asked for. */
  allow(): boolean {
    // The sums are as old as the last call's end, which is near enough and spares a look at the clock.
    if (this.#isClosed()) return true;
    const bucket = this.#ring.current();
    if (this.#isClosed() || this.#passes()) return true;
    this.#refusals[bucket] = (this.#refusals[bucket] ?? 0) + 1;
    this.#total += 1;
    this.#onRefusal();
    return false;
  }

  /** The other side answered. */
  succeed(): void {
    const bucket = this.#ring.current();
    this.#successes[bucket] = (this.#successes[bucket] ?? 0) + 1;
    this.#accepted += 1;
    this.#total += 1;
  }

  /** The other side did not do its part. */
  fail(): void {
    const bucket = this.#ring.current();
    this.#failures[bucket] = (this.#failures[bucket] ?? 0) + 1;
    this.#total += 1;
  }

  /** True where no K would refuse a call. */
  #isClosed(): boolean {
    return this.#total - PROTECTED_CALLS <= K_MIN * this.#accepted;
  }

  #passes(): boolean {
    const { failing, working } = this.#streaks();
    const k = Math.max(K_MIN, K_MAX - ((K_MAX - K_MIN) * failing) / BUCKETS);
    const excess = (this.#total - PROTECTED_CALLS - k * this.#accepted) / (this.#total + 1);
    if (excess <= 0) return true;
    const now = this.#runtime.elapsed();
    this.#passedAt ??= now;
    const isForced = now - this.#passedAt > FORCED_PASS_MS;
    const doubt = Math.max(0, WORKING_BUCKETS - working) / WORKING_BUCKETS;
    if (!isForced && this.#chance() < excess * doubt) return false;
    this.#passedAt = now;
    return true;
  }

  /** How many of the last buckets saw failures and no success, and the other way round. */
  #streaks(): { failing: number; working: number } {
    let failing = 0;
    let working = 0;
    for (const bucket of this.#ring.fromOldest()) {
      const hasFailed = (this.#failures[bucket] ?? 0) > 0;
      const hasSucceeded = (this.#successes[bucket] ?? 0) > 0;
      if (hasFailed) working = 0;
      else if (hasSucceeded) working += 1;
      if (hasSucceeded) failing = 0;
      else if (hasFailed) failing += 1;
    }
    return { failing, working };
  }

  /** A number in [0, 1). */
  #chance(): number {
    const bytes = this.#runtime.randomBytes(4);
    return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) / 2 ** 32;
  }

  #clear(bucket: number): void {
    const successes = this.#successes[bucket] ?? 0;
    this.#accepted -= successes;
    this.#total -= successes + (this.#failures[bucket] ?? 0) + (this.#refusals[bucket] ?? 0);
    this.#successes[bucket] = 0;
    this.#failures[bucket] = 0;
    this.#refusals[bucket] = 0;
  }
}

/** The reason of a call that a breaker refused. */
export const BREAKER_OPEN = "BREAKER_OPEN";

/** What a refused call fails with; the text is go-zero's. */
export function breakerOpen(): AppError {
  return new AppError("UNAVAILABLE", BREAKER_OPEN, "circuit breaker is open", { retryAfterSeconds: 1 });
}
