import { type JobsConfig, jobsConfig } from "@mall/kit/config";
import type { Logger } from "@mall/kit/log";
import type { Observer } from "@mall/kit/observe";
import type { Runtime } from "@mall/kit/runtime";
import type { Database } from "@mall/kit/store";
import type { JobQueue } from "./job-queue.ts";
import { JobWorker } from "./job-worker.ts";

export interface JobWorkersOptions {
  readonly runtime: Runtime;
  readonly log: Logger;
  readonly observer: Observer;
  /** The `Jobs` block; its defaults where it is absent. */
  readonly config?: JobsConfig | undefined;
}

/** The workers of a process, one for each queue that somebody asked for. */
export interface JobWorkers {
  /** The queue of this name in a database, always the same one. */
  open(database: Database, queue: string): JobQueue;
  /** Begins to run jobs; before that they are only enqueued. */
  start(): void;
  /**
   * Claims no more jobs and waits for those that are run; what goes on after `graceMs` is cancelled and given
   * back to the table, as is what waited for its turn.
   */
  drain(graceMs: number): Promise<void>;
}

/** No worker yet. */
export function createJobWorkers(options: JobWorkersOptions): JobWorkers {
  const config = options.config ?? jobsConfig.parse({});
  const workers = new Map<Database, Map<string, JobWorker>>();
  let isStarted = false;
  const all = (): JobWorker[] => [...workers.values()].flatMap((queues) => [...queues.values()]);
  return {
    open: (database, queue) => {
      const queues = workers.get(database) ?? new Map<string, JobWorker>();
      workers.set(database, queues);
      if (isStarted && !queues.has(queue)) throw new Error(`queue ${queue} is asked for after the start`);
      const worker = queues.get(queue) ?? new JobWorker({ ...options, config, database, queue });
      queues.set(queue, worker);
      return worker;
    },
    start: () => {
      isStarted = true;
      for (const worker of all()) worker.start();
    },
    drain: async (graceMs) => {
      await Promise.all(all().map((worker) => worker.stop(graceMs)));
    },
  };
}
