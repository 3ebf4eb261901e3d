import type { Call } from "@mall/kit/call";
import type { AppError } from "@mall/kit/errors";

export interface WorkGateOptions {
  /** Pieces of work at once. */
  readonly runningMax: number;
  /** Pieces of work that wait for their turn; the next one is refused. */
  readonly waitingMax: number;
  /** What a refused one fails with. */
  readonly refusal: () => AppError;
}

/**
 * Lets a few pieces of expensive work run at once and a few more wait, in the order they came. Whoever comes
 * beyond that is refused at once, while there is still time to retry, instead of waiting in vain.
 */
export class WorkGate {
  readonly #options: WorkGateOptions;
  /** Those who wait, first come first. */
  readonly #waiting = new Set<() => void>();
  #running = 0;

  constructor(options: WorkGateOptions) {
    this.#options = options;
  }

  /**
   * Runs `work` when its turn comes; not at all if `call` ends before.
   *
   * @throws the refusal, the error that ended the call, or whatever `work` throws.
   */
  async run<T>(call: Call, work: () => Promise<T>): Promise<T> {
    const { runningMax, waitingMax, refusal } = this.#options;
    call.throwIfDone();
    if (this.#running >= runningMax) {
      if (this.#waiting.size >= waitingMax) throw refusal();
      await this.#turn(call);
    } else {
      this.#running += 1;
    }
    try {
      return await work();
    } finally {
      this.#passOn();
    }
  }

  #turn(call: Call): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        leaveCall();
        resolve();
      };
      const leaveCall = call.onDone((error) => {
        this.#waiting.delete(enter);
        reject(error);
      });
      this.#waiting.add(enter);
    });
  }

  /** The place of work that ended goes to the next in line. */
  #passOn(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#running -= 1;
    } else {
      this.#waiting.delete(next);
      next();
    }
  }
}
