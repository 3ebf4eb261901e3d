import type { Runtime } from "@mall/kit/context";
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
  readonly #windows: LRUCache<string, Window>;

  constructor(options: AttemptLimiterOptions) {
    this.#options = options;
    this.#windows = new LRUCache({ max: options.keysMax });
  }

  /** Takes one attempt; false when the key has none left in its window. */
  take(key: string): boolean {
    const now = this.#options.runtime.now();
    const window = this.#windows.get(key);
    if (window === undefined || now - window.startedAt >= this.#options.windowMs) {
      this.#windows.set(key, { startedAt: now, attempts: 1 });
      return true;
    }
    if (window.attempts >= this.#options.attemptsMax) return false;
    window.attempts += 1;
    return true;
  }

  /** Forgets a key after a success. */
  clear(key: string): void {
    this.#windows.delete(key);
  }
}
