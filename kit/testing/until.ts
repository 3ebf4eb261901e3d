import { inspect } from "node:util";

/** The default longest wait, milliseconds: a loaded machine needs many times what a quiet one does. */
const WITHIN_MS = 20_000;
/** The default pause between two looks, milliseconds, which leaves the processor to what is waited for. */
const EVERY_MS = 10;
const SHOWN = { depth: 5, breakLength: 120, maxStringLength: 1_000 } as const;

/** How long and how often to look. */
export interface UntilOptions<T> {
  /** Whether a value ends the wait; by default `true` does. */
  readonly holds?: (value: T) => boolean;
  /** Milliseconds; 20 s by default. */
  readonly withinMs?: number;
  /** The pause between two looks, milliseconds; 10 by default, 0 looks again in the next turn of the event loop. */
  readonly everyMs?: number;
}

/**
 * Looks again and again until what a test waits for has happened; resolves with the value seen then. Rejects when
 * `read` does.
 *
 * @throws Error that says what was waited for, for how long, and what was seen last
 */
export async function until<T>(
  what: string,
  read: () => T | Promise<T>,
  { holds = isTrue, withinMs = WITHIN_MS, everyMs = EVERY_MS }: UntilOptions<T> = {},
): Promise<T> {
  const beganAt = performance.now();
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    const waitedMs = performance.now() - beganAt;
    if (waitedMs >= withinMs) {
      throw new Error(`not within ${Math.round(waitedMs)} ms: ${what}; last seen: ${inspect(value, SHOWN)}`);
    }
    await pause(everyMs);
  }
}

function isTrue(value: unknown): boolean {
  return value === true;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    if (ms === 0) setImmediate(resolve);
    else setTimeout(resolve, ms);
  });
}
