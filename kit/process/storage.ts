import type { JobsConfig } from "@mall/kit/config";
import type { JobQueue, JobWorkers } from "@mall/kit/jobs";
import type { Logger } from "@mall/kit/log";
import type { Observer } from "@mall/kit/observe";
import type { Breakers } from "@mall/kit/resilience";
import type { Runtime } from "@mall/kit/runtime";
import type { Database } from "@mall/kit/store";
import type { Databases } from "./databases.ts";

/** The databases of a process, and the durable jobs in them. */
export interface Storage {
  readonly database: (dataSource: string) => Promise<Database>;
  readonly jobs: (database: Database, queue: string) => JobQueue;
  /** Begins to run jobs. */
  readonly startJobs: () => void;
  /** As drain of {@link JobWorkers}. */
  readonly drainJobs: (graceMs: number) => Promise<void>;
  close(): Promise<void>;
}

interface StorageOptions {
  readonly runtime: Runtime;
  readonly log: Logger;
  readonly observer: Observer;
  /** In front of MySQL. */
  readonly breakers: Breakers;
  /** How jobs are run; the defaults where it is undefined. */
  readonly config: JobsConfig | undefined;
}

/**
 * No database yet. The modules behind it are a third of what a process would load at its start, and an api needs none
 * of them, so they are loaded with the first database that is asked for.
 */
export function createStorage(options: StorageOptions): Storage {
  let opened: { readonly databases: Databases; readonly workers: JobWorkers } | undefined;
  const open = async (): Promise<Databases> => {
    const [{ createDatabases }, { createJobWorkers }] = await Promise.all([
      import("./databases.ts"),
      import("@mall/kit/jobs"),
    ]);
    opened ??= { databases: createDatabases(options), workers: createJobWorkers(options) };
    return opened.databases;
  };
  return {
    database: async (dataSource) => (await open()).open(dataSource),
    jobs: (database, queue) => {
      if (opened === undefined) throw new Error(`queue ${queue} is asked for before its database`);
      return opened.workers.open(database, queue);
    },
    startJobs: () => opened?.workers.start(),
    drainJobs: async (graceMs) => opened?.workers.drain(graceMs),
    close: async () => opened?.databases.close(),
  };
}
