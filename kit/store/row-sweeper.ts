import type { Runtime } from "@mall/kit/runtime";

/** After so many new rows twice as many old ones are removed: they do not pile up at any rate. */
const SWEEP_EVERY = 64;

export interface RowSweeperOptions {
  readonly runtime: Runtime;
  /** How long a row is kept, milliseconds. */
  readonly keptMs: number;
  /** Removes the oldest rows from before this time (milliseconds since the epoch), at most `count`. */
  remove(before: number, count: number): Promise<void>;
}

/**
 * Keeps a table that each write adds to from growing for ever. Must hear of every new row, after its transaction;
 * never rejects: what could not be removed is removed the next time.
 */
export function createRowSweeper({ runtime, keptMs, remove }: RowSweeperOptions): () => Promise<void> {
  let rows = 0;
  return async () => {
    rows += 1;
    if (rows % SWEEP_EVERY !== 0) return;
    await remove(runtime.now() - keptMs, 2 * SWEEP_EVERY).catch(() => {});
  };
}
