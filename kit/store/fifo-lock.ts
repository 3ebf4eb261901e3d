import type { Runtime, Timer } from "@mall/kit/context";
import { databaseBusy } from "./store-errors.ts";

/** Longest wait for the lock. It also ends work that waits for a lock which it holds itself. */
const WAIT_MS_MAX = 5_000;

interface Waiter {
  readonly enter: () => void;
  readonly timer: Timer;
}

/** Lets one piece of work at a time use a resource, in the order of asking. */
export class FifoLock {
  readonly #runtime: Runtime;
  readonly #waiters = new Set<Waiter>();
  #held = false;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** @throws AppError DATABASE_BUSY if the lock stays taken for 5 seconds. */
  async run<T>(work: () => T | Promise<T>): Promise<T> {
    if (this.#held) await this.#wait();
    this.#held = true;
    try {
      return await work();
    } finally {
      this.#release();
    }
  }

  #wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        this.#waiters.delete(waiter);
        reject(databaseBusy(new Error(`the writer stayed taken for ${WAIT_MS_MAX} ms`)));
      };
      const waiter: Waiter = { enter: resolve, timer: this.#runtime.setTimer(giveUp, WAIT_MS_MAX) };
      this.#waiters.add(waiter);
    });
  }

  /** Hands the lock straight to the next in line, so that nobody overtakes. */
  #release(): void {
    const [next] = this.#waiters;
    if (next === undefined) {
      this.#held = false;
      return;
    }
    this.#waiters.delete(next);
    next.timer.clear();
    next.enter();
  }
}
