import type { AttemptLimiter } from "./attempt-limiter.ts";

/** Attempts that several processes count together. Its methods never reject. */
export interface SharedAttempts {
  /**
   * Takes one attempt: 0 if the key had one left in its window, else the milliseconds until it has some again;
   * undefined where nobody could be asked.
   */
  take(key: string): Promise<number | undefined>;
  /** Takes an attempt back that came to nothing. */
  giveBack(key: string): Promise<void>;
  /** Forgets a key after a success. */
  clear(key: string): Promise<void>;
}

/** One attempt, as it was counted. */
export interface CountedAttempt {
  /** 0 if the key had one left in its window, else the seconds until it has some again. */
  readonly waitSeconds: number;
  /** Takes it back from where it was counted, and from nowhere else; once. */
  giveBack(): void;
}

/**
 * Counts attempts per key for all processes together, so that n instances do not let n times as many through. A
 * process counts its own ones all the while, and goes by them where the others cannot be asked.
 */
export class SharedAttemptLimiter {
  readonly #own: AttemptLimiter;
  readonly #shared: SharedAttempts | undefined;

  constructor(own: AttemptLimiter, shared: SharedAttempts | undefined) {
    this.#own = own;
    this.#shared = shared;
  }

  /** Takes one attempt: 0 if the key had one left in its window, else the seconds until it has some again. */
  async take(key: string): Promise<number> {
    return (await this.count(key)).waitSeconds;
  }

  /** Takes one attempt, and remembers where it was counted. */
  async count(key: string): Promise<CountedAttempt> {
    const ownSeconds = this.#own.take(key);
    const waitMs = await this.#shared?.take(key);
    return {
      waitSeconds: waitMs === undefined ? ownSeconds : Math.ceil(waitMs / 1000),
      giveBack: () => {
        if (ownSeconds === 0) this.#own.giveBack(key);
        if (waitMs === 0) void this.#shared?.giveBack(key);
      },
    };
  }

  /** Forgets a key after a success. */
  clear(key: string): void {
    this.#own.clear(key);
    void this.#shared?.clear(key);
  }
}
