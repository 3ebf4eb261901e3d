import type { Runtime } from "@mall/kit/runtime";
import { activeTrace, runInTrace } from "@mall/kit/trace";
import DataLoader from "dataloader";

/** Larger batches gain little and hold their first caller up. */
const BATCH_SIZE_MAX = 64;

interface BatcherOptions {
  /** Batches that may be out at the same time. */
  readonly inFlightMax: number;
}

/**
 * Collects what is asked for in one event-loop tick and hands it on together, at most 64 at a time. While
 * `inFlightMax` batches are out, the next ones keep collecting: being busy is what makes batches large, so
 * no timer is needed. An Error among the results fails its own caller only. A batch is nobody's: it runs outside
 * of the traces of those who asked.
 */
export function createBatcher<Item, Result>(
  runtime: Runtime,
  options: BatcherOptions,
  runBatch: (items: readonly Item[]) => Promise<readonly (Result | Error)[]>,
): (item: Item) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let inFlight = 0;
  const runCounted = async (items: readonly Item[]): Promise<readonly (Result | Error)[]> => {
    inFlight += 1;
    try {
      return await (activeTrace() === undefined
        ? runBatch(items)
        : runInTrace(undefined, () => runBatch(items)));
    } finally {
      inFlight -= 1;
      waiting.shift()?.();
    }
  };
  const dispatchInTurn = (dispatch: () => void): void => {
    if (inFlight < options.inFlightMax) dispatch();
    else waiting.push(dispatch);
  };
  const loader = new DataLoader<Item, Result>(runCounted, {
    cache: false,
    maxBatchSize: BATCH_SIZE_MAX,
    batchScheduleFn: (dispatch) => runtime.setImmediate(() => dispatchInTurn(dispatch)),
  });
  return (item) => loader.load(item);
}
