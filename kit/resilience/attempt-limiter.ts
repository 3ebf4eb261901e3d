import type { Runtime } from "@mall/kit/runtime";
import { LRUCache } from "lru-cache";

export interface AttemptLimiterOptions {
  readonly runtime: Runtime;
  /** Attempts without success that a key may make within the window. */
  readonly attemptsMax: number;
  /** Length of the window, milliseconds. */
  readonly windowMs: number;
  /** Keys remembered; beyond that the least recently used is forgotten. */
  readonly keysMax: number;
}

interface Window {
  startedAt: number;
  attempts: number;
}

/**
 * Counts attempts per key in fixed windows. An attempt counts from its start, so that guesses made in
 * parallel do not slip through before the first of them has failed.
 */
export class AttemptLimiter {
  readonly #options: AttemptLimiterOptions;
  /** Made for the first attempt, as it takes its room for all keys at once. */
  #windows: LRUCache<string, Window> | undefined;

  constructor(options: AttemptLimiterOptions) {
    this.#options = options;
  }

  /** Takes one attempt: 0 if the key had one left in its window, else the seconds until it has some again. */
  take(key: string): number {
    const { runtime, attemptsMax, windowMs, keysMax } = this.#options;
    const now = runtime.now();
    this.#windows ??= new LRUCache({ max: keysMax });
    const window = this.#windows.get(key);
    if (window === undefined || now - window.startedAt >= windowMs) {
      this.#windows.set(key, { startedAt: now, attempts: 1 });
      return 0;
    }
    if (window.attempts >= attemptsMax) return Math.ceil((window.startedAt + windowMs - now) / 1000);
    window.attempts += 1;
    return 0;
  }

  /** Takes an attempt back that came to nothing. */
  giveBack(key: string): void {
    const window = this.#windows?.peek(key);
    if (window !== undefined && window.attempts > 0) window.attempts -= 1;
  }

  /** Forgets a key after a success. */
  clear(key: string): void {
    this.#windows?.delete(key);
  }
}
