import type { Runtime } from "@mall/kit/runtime";

const FIRST_MS = 100;
const LAST_MS = 30_000;
const DOUBLINGS_MAX = 16;

/** Milliseconds until the next attempt at something that did not answer: doubled each time, somewhat by chance. */
export function retryDelayMs(runtime: Runtime, attempts: number): number {
  const delay = Math.min(FIRST_MS * 2 ** Math.min(attempts - 1, DOUBLINGS_MAX), LAST_MS);
  const [byte = 0] = runtime.randomBytes(1);
  return Math.round(delay * (0.75 + byte / 512));
}
