import { randomBytes, randomFillSync } from "node:crypto";

const POOL_BYTES = 4096;
/** More than this is drawn by itself. */
const DRAW_BYTES_MAX = 64;

const pool = Buffer.alloc(POOL_BYTES);
let next = POOL_BYTES;

/**
 * Cryptographically strong random bytes. Small numbers of them are drawn ahead, as each question to the system
 * costs microseconds and every traced request asks several times; what was given out is forgotten here.
 */
export function drawRandom(length: number): Uint8Array {
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
