import type { Logger } from "@mall/kit/log";
import type { Runtime, Timer } from "@mall/kit/runtime";
import { runInTrace } from "@mall/kit/trace";

export interface JobPollerOptions {
  readonly queue: string;
  readonly runtime: Runtime;
  readonly log: Logger;
  /** Longest pause between two looks, milliseconds. */
  readonly intervalMs: number;
  /** Takes what is due and says when to look again, milliseconds since the epoch. */
  look(): Promise<number>;
}

/** Looks for due jobs: when the next is known to be due, when woken, and in any case once per interval. */
export class JobPoller {
  readonly #options: JobPollerOptions;
  #timer: Timer | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #looking: Promise<void> | undefined;
  #wokenFor = Number.POSITIVE_INFINITY;
  #isRunning = false;
  #isBlind = false;

  constructor(options: JobPollerOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  start(): void {
    this.#isRunning = true;
    this.wakeAt(this.#options.runtime.now());
  }

  /** Looks at this time at the latest, milliseconds since the epoch. */
  wakeAt(time: number): void {
    if (!this.#isRunning) return;
    if (this.#looking !== undefined) {
      this.#wokenFor = Math.min(this.#wokenFor, time);
      return;
    }
    const { runtime, intervalMs } = this.#options;
    const now = runtime.now();
    const delayMs = Math.min(Math.max(0, time - now), intervalMs);
    if (this.#timer !== undefined && this.#timerAt <= now + delayMs) return;
    this.#timer?.clear();
    this.#timerAt = now + delayMs;
    this.#timer = runtime.setTimer(() => {
      this.#timer = undefined;
      // Whoever set the timer may have been in a trace, of which this is no part.
      this.#looking = runInTrace(undefined, () => this.#look());
    }, delayMs);
  }

  /** Looks no more; resolves when a look that goes on has ended. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    this.#timer?.clear();
    this.#timer = undefined;
    await this.#looking;
  }

  async #look(): Promise<void> {
    const { runtime, look, log, queue, intervalMs } = this.#options;
    let next = runtime.now() + intervalMs;
    try {
      next = await look();
      if (this.#isBlind) log.info({ queue }, "looking for due jobs again");
      this.#isBlind = false;
    } catch (error) {
      if (!this.#isBlind) log.warn({ queue, error }, "cannot look for due jobs; retrying");
      this.#isBlind = true;
    }
    this.#looking = undefined;
    const time = Math.min(next, this.#wokenFor);
    this.#wokenFor = Number.POSITIVE_INFINITY;
    this.wakeAt(time);
  }
}
