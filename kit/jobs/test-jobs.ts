import type { TestContext } from "node:test";
import { auditMigrations } from "@mall/kit/audit";
import { type JobsConfig, jobsConfig } from "@mall/kit/config";
import { AppError } from "@mall/kit/errors";
import { silentLogger } from "@mall/kit/log";
import { noopObserver } from "@mall/kit/observe";
import type { Runtime } from "@mall/kit/runtime";
import { type Database, migrateToLatest } from "@mall/kit/store";
import type { TestDatabases } from "@mall/kit/testing";
import {
  createJobWorkers,
  type JobQueue,
  type JobTicket,
  type JobWorkers,
  jobsMigrations,
  type NewJob,
} from "./index.ts";
import { createJobModelGen, type JobRow } from "./model/gen/job-model.ts";

/** A database with the tables of jobs, and of what operators do to them. */
export async function openJobs(
  databases: TestDatabases,
  options: { dataSource?: string; runtime?: Runtime } = {},
): Promise<Database> {
  const database = await databases.open(options);
  for (const set of [jobsMigrations, auditMigrations]) await migrateToLatest(database, set);
  return database;
}

/** The workers of one process of the service `pay`, which look every 10 ms. */
export interface TestProcess {
  readonly workers: JobWorkers;
  readonly queue: JobQueue;
  /** Enqueues a job in a transaction of its own. */
  enqueue(job: Omit<NewJob, "kind" | "payload"> & Partial<NewJob>): Promise<JobTicket>;
}

export function createProcess(
  t: TestContext,
  database: Database,
  config: Partial<JobsConfig> = {},
): TestProcess {
  const workers = createJobWorkers({
    runtime: database.runtime,
    log: silentLogger,
    observer: noopObserver,
    config: { ...jobsConfig.parse({ Interval: "10ms" }), ...config },
  });
  t.after(() => workers.drain(0));
  const queue = workers.open(database, "pay");
  return {
    workers,
    queue,
    enqueue: (job) => database.transaction((tx) => queue.enqueue(tx, { kind: "work", payload: {}, ...job })),
  };
}

/** A database that a test can take away from its process, and give back. */
export interface LosableDatabase {
  readonly database: Database;
  isLost: boolean;
}

export function createLosable(database: Database): LosableDatabase {
  const lost = async (): Promise<never> => {
    throw new AppError("UNAVAILABLE", "DATABASE_UNAVAILABLE", "the database is not available");
  };
  const losable: LosableDatabase = {
    isLost: false,
    database: new Proxy(database, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== "function") return value;
        return losable.isLost ? lost : value.bind(target);
      },
    }),
  };
  return losable;
}

/** All jobs, in the order in which they were enqueued. */
export function rowsOf(database: Database): Promise<JobRow[]> {
  return createJobModelGen(database).findMany((query) => query.orderBy("id"));
}
