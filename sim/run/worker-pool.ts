import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Batch, BatchResult } from "./batch.ts";

const WORKER = join(import.meta.dirname, "..", "worker.ts");
/** Seeds that a worker gets at a time, where nobody says. */
const BATCH_SEEDS = 50;

/** What is to be run, and who hears of it. */
export interface PoolOptions extends Batch {
  /** Processes. */
  readonly workers: number;
  /** Seeds that a worker gets at a time. */
  readonly batchSeeds?: number;
  /** Node's options for the workers. */
  readonly execArgv?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Called with each batch that has ended; true: no more. */
  readonly onBatch: (result: BatchResult) => boolean;
}

/** Runs seeds in several processes. Rejects where one of them ends by itself. */
export async function runPool(options: PoolOptions): Promise<void> {
  const pool = { next: options.from, end: options.from + options.count, stopped: false };
  const takeBatch = (): Batch | undefined => {
    if (pool.stopped || pool.next >= pool.end) return undefined;
    const from = pool.next;
    const count = Math.min(options.batchSeeds ?? BATCH_SEEDS, pool.end - from);
    pool.next += count;
    const { shape, withRealChannels = false } = options;
    return { shape, from, count, withRealChannels };
  };
  const work = async (): Promise<void> => {
    const worker = fork(WORKER, {
      execArgv: [...(options.execArgv ?? [])],
      env: { ...process.env, ...options.env },
    });
    try {
      await answerOf(worker);
      for (let batch = takeBatch(); batch !== undefined; batch = takeBatch()) {
        worker.send(batch);
        const result = (await answerOf(worker)) as BatchResult;
        if (options.onBatch(result)) pool.stopped = true;
      }
    } finally {
      worker.disconnect();
    }
  };
  await Promise.all(Array.from({ length: options.workers }, work));
}

/** The next message of a worker. */
async function answerOf(worker: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  const exit = once(worker, "exit", { signal: ended.signal }).then(([code, signal]) => {
    throw new Error(`a worker of the simulation ended with ${code ?? signal}`);
  });
  try {
    const [message] = await Promise.race([once(worker, "message", { signal: ended.signal }), exit]);
    return message;
  } finally {
    exit.catch(() => {});
    ended.abort();
  }
}
