import type { JobQueue } from "@mall/kit/jobs";
import type { Logger } from "@mall/kit/log";
import type { Database } from "@mall/kit/store";
import { SagaCoordinator } from "./coordinator.ts";
import { createEmbeddedDriver } from "./embedded-driver.ts";
import type { Coordinator } from "./saga.ts";
import { createSagaStore } from "./saga-store.ts";

export interface CoordinatorOptions {
  /** The service's own: a saga starts and ends in one transaction with what it is about. */
  readonly database: Database;
  /** Of the same database. */
  readonly jobs: JobQueue;
  readonly log: Logger;
}

/** The coordinator of a service's sagas; one for each queue of jobs. */
export function createCoordinator({ database, jobs, log }: CoordinatorOptions): Coordinator {
  const store = createSagaStore(database);
  return new SagaCoordinator({ database, store, driver: createEmbeddedDriver(store), jobs, log });
}
