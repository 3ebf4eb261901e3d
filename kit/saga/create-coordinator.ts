import type { SagaConfig } from "@mall/kit/config";
import type { JobQueue } from "@mall/kit/jobs";
import type { Logger } from "@mall/kit/log";
import type { Database } from "@mall/kit/store";
import { SagaCoordinator } from "./coordinator.ts";
import type { Dtm } from "./dtm/dtm.ts";
import { createDtmDriver } from "./dtm/dtm-driver.ts";
import { createEmbeddedDriver } from "./embedded-driver.ts";
import type { Coordinator } from "./saga.ts";
import { createSagaStore } from "./saga-store.ts";

export interface CoordinatorOptions {
  /** The service's own: a saga starts and ends in one transaction with what it is about. */
  readonly database: Database;
  /** Of the same database. */
  readonly jobs: JobQueue;
  readonly log: Logger;
  /** How long what has ended is kept. */
  readonly config: SagaConfig;
  /** Drives the steps; without it the service's process does that itself. */
  readonly dtm?: Dtm | undefined;
}

/** The coordinator of a service's sagas; one for each queue of jobs. */
export function createCoordinator({ database, jobs, log, config, dtm }: CoordinatorOptions): Coordinator {
  const store = createSagaStore(database);
  const driver = dtm === undefined ? createEmbeddedDriver(store) : createDtmDriver(dtm, store);
  return new SagaCoordinator({ database, store, driver, jobs, log, keptMs: config.Retention });
}
