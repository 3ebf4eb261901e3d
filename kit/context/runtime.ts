import { drawRandom } from "./random-pool.ts";

/** A timer that can be cleared; opaque to its holder. */
export interface Timer {
  clear(): void;
}

/**
 * Everything a process takes from outside that is not deterministic, except network and storage.
 * The real one is `systemRuntime`; a simulation brings its own.
 */
export interface Runtime {
  /** Wall clock, milliseconds since the Unix epoch. */
  now(): number;
  /** Milliseconds, with fractions, since some moment: for how long something took, whatever the wall clock does. */
  elapsed(): number;
  /** Cryptographically strong random bytes. */
  randomBytes(length: number): Uint8Array;
  /** Calls `callback` once after `delayMs`; a timer that is neither cleared nor due keeps the process alive. */
  setTimer(callback: () => void, delayMs: number): Timer;
  /** Calls `callback` after the current event-loop tick's input has been read. */
  setImmediate(callback: () => void): void;
}

class SystemTimer implements Timer {
  readonly #handle: NodeJS.Timeout;

  constructor(callback: () => void, delayMs: number) {
    this.#handle = setTimeout(callback, delayMs);
  }

  clear(): void {
    clearTimeout(this.#handle);
  }
}

/** The operating system's clock, random source and timers. */
export const systemRuntime: Runtime = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  randomBytes: drawRandom,
  setTimer: (callback, delayMs) => new SystemTimer(callback, delayMs),
  setImmediate: (callback) => {
    setImmediate(callback);
  },
};
