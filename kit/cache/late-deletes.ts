import type { Runtime, Timer } from "@mall/kit/runtime";

/** Bounds the memory of deletes that Redis did not take yet, about 100 bytes each. */
const FAILED_MAX = 100_000;
/** Half of the longest time until a second delete. */
const AGAIN_MS = 500;
/** Keys of one command. */
const CHUNK = 500;

export interface LateDeletesOptions {
  readonly runtime: Runtime;
  /** Deletes entries in Redis. */
  readonly deleteNow: (keys: readonly string[]) => Promise<void>;
  /** There are more deletes than can be remembered. */
  readonly onOverflow: () => void;
}

/**
 * Deletes that come after their time. Failed ones are kept until Redis takes them. Those that went through
 * are done a second time within a second: a Go reader that read its row before the change fills in what it
 * read without asking, and would leave it there for a week.
 */
export class LateDeletes {
  readonly #options: LateDeletesOptions;
  readonly #failed = new Set<string>();
  #young = new Set<string>();
  #old = new Set<string>();
  #timer: Timer | undefined;
  #closed = false;

  constructor(options: LateDeletesOptions) {
    this.#options = options;
  }

  addFailed(keys: readonly string[]): void {
    for (const key of keys) this.#failed.add(key);
    if (this.#failed.size <= FAILED_MAX) return;
    this.#failed.clear();
    this.#options.onOverflow();
  }

  addDone(keys: readonly string[]): void {
    if (this.#closed) return;
    for (const key of keys) this.#young.add(key);
    this.#timer ??= this.#options.runtime.setTimer(() => void this.#tick(), AGAIN_MS);
  }

  /** Does the failed ones; rejects where one fails again. */
  async drain(): Promise<void> {
    while (this.#failed.size > 0) {
      const chunk = [...this.#failed].slice(0, CHUNK);
      await this.#options.deleteNow(chunk);
      for (const key of chunk) this.#failed.delete(key);
    }
  }

  /** Does at once what is due later, as far as Redis lets it. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.clear();
    this.addFailed([...this.#old, ...this.#young]);
    await this.drain();
  }

  async #tick(): Promise<void> {
    this.#timer = undefined;
    const due = this.#old;
    this.#old = this.#young;
    this.#young = new Set();
    if (this.#old.size > 0) this.#timer = this.#options.runtime.setTimer(() => void this.#tick(), AGAIN_MS);
    const keys = [...due];
    for (let at = 0; at < keys.length; at += CHUNK) {
      const chunk = keys.slice(at, at + CHUNK);
      // One that fails is remembered among the failed.
      await this.#options.deleteNow(chunk).catch(() => this.addFailed(chunk));
    }
  }
}
