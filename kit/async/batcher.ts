import type { Runtime } from "@mall/kit/runtime";
import { activeTrace, runInTrace } from "@mall/kit/trace";
import DataLoader from "dataloader";
import { Turns, type TurnsOptions } from "./turns.ts";

/** Larger batches gain little and hold their first caller up. */
const BATCH_SIZE_MAX = 64;

/**
 * Collects what is asked for in one event-loop tick and hands it on together, at most 64 at a time. While
 * `inFlightMax` batches are out, or the last one is not out for `patienceMs`, the next ones keep collecting: being
 * busy is what makes batches large. An Error among the results fails its own caller only. A batch is nobody's: it runs
 * outside of the traces of those who asked.
 */
export function createBatcher<Item, Result>(
  runtime: Runtime,
  options: TurnsOptions,
  runBatch: (items: readonly Item[]) => Promise<readonly (Result | Error)[]>,
): (item: Item) => Promise<Result> {
  const turns = new Turns(runtime, options);
  const runCounted = async (items: readonly Item[]): Promise<readonly (Result | Error)[]> => {
    try {
      return await (activeTrace() === undefined
        ? runBatch(items)
        : runInTrace(undefined, () => runBatch(items)));
    } finally {
      turns.end();
    }
  };
  const loader = new DataLoader<Item, Result>(runCounted, {
    cache: false,
    maxBatchSize: BATCH_SIZE_MAX,
    batchScheduleFn: (dispatch) => runtime.setImmediate(() => turns.take(dispatch)),
  });
  return (item) => loader.load(item);
}
