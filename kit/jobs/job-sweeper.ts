import type { Runtime } from "@mall/kit/runtime";
import type { JobStore } from "./job-store.ts";

/** From one sweep to the next, milliseconds. */
const INTERVAL_MS = 60_000;
/** The same while there is more to remove than one batch takes. */
const BACKLOG_INTERVAL_MS = 200;
/** Rows of one statement: few enough that nobody waits for it. */
const BATCH_MAX = 500;

export interface JobSweeperOptions {
  readonly store: JobStore;
  readonly runtime: Runtime;
  /** How long jobs that are over are kept, milliseconds. */
  readonly retentionMs: number;
}

/** Removes the rows of jobs that were done or cancelled long ago, a few at a time. Dead ones stay. */
export class JobSweeper {
  readonly #options: JobSweeperOptions;
  #nextAt: number;

  constructor(options: JobSweeperOptions) {
    this.#options = options;
    const { runtime } = options;
    const [part = 0] = runtime.randomBytes(1);
    // Processes that start together do not sweep together.
    this.#nextAt = runtime.now() + Math.ceil((INTERVAL_MS * part) / 256);
  }

  /** Removes a batch if it is time to, and says when the next one is, milliseconds since the epoch. */
  async sweep(): Promise<number> {
    const { store, runtime, retentionMs } = this.#options;
    const now = runtime.now();
    if (now < this.#nextAt) return this.#nextAt;
    // Set first: a sweep that fails is not repeated at once.
    this.#nextAt = now + INTERVAL_MS;
    const removed = await store.removeEnded(now - retentionMs, BATCH_MAX);
    if (removed === BATCH_MAX) this.#nextAt = now + BACKLOG_INTERVAL_MS;
    return this.#nextAt;
  }
}
