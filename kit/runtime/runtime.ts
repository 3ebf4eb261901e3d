import { randomBytes, randomFillSync } from "node:crypto";

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

const POOL_BYTES = 4096;
/** More than this is drawn by itself. */
const DRAW_BYTES_MAX = 64;

const pool = Buffer.alloc(POOL_BYTES);
let next = POOL_BYTES;

/**
 * Cryptographically strong random bytes. Small numbers of them are drawn ahead, as each question to the system
 * costs microseconds and every traced request asks several times; what was given out is forgotten here.
 */
function drawRandom(length: number): Uint8Array {
  if (length > DRAW_BYTES_MAX) return randomBytes(length);
  if (next + length > POOL_BYTES) {
    randomFillSync(pool);
    next = 0;
  }
  const drawn = Buffer.from(pool.subarray(next, next + length));
  pool.fill(0, next, next + length);
  next += length;
  return drawn;
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
