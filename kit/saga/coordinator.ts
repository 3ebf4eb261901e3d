import { type Backoff, backoffMs } from "@mall/kit/async";
import type { Call } from "@mall/kit/call";
import type { SagaConfig } from "@mall/kit/config";
import type { JobInfo, JobOutcome, JobQueue, JsonObject } from "@mall/kit/jobs";
import type { Logger } from "@mall/kit/log";
import { createRowSweeper, type Database, type RowTransaction } from "@mall/kit/store";
import { decideAtOnce } from "./decide-at-once.ts";
import type { Dtm } from "./dtm/dtm.ts";
import { createDtmDriver } from "./dtm/dtm-driver.ts";
import { createEmbeddedDriver, type SagaDriver } from "./embedded-driver.ts";
import { removeOldSagas } from "./old-rows.ts";
import type { Coordinator, Saga, SagaDefinition, SagaResult } from "./saga.ts";
import {
  createSagaStore,
  isEnded,
  restoreError,
  SAGA_STATE,
  SagaMovedOn,
  type SagaStore,
  type StoredSaga,
} from "./saga-store.ts";
import { SagaWaiters } from "./saga-waiters.ts";

/** The kind of the job that drives a saga to its end. */
const DRIVE = "saga.drive";
/** Between attempts at a step whose outcome is unknown. */
const BACKOFF: Backoff = { firstMs: 100, lastMs: 30_000 };

export interface CoordinatorOptions {
  /** The service's own: a saga starts and ends in one transaction with what it is about. */
  readonly database: Database;
  /** Of the same database. */
  readonly jobs: JobQueue;
  readonly log: Logger;
  /** How long ended sagas are kept. */
  readonly config: SagaConfig;
  /** The DTM server that calls the steps; without one the service's process does. */
  readonly dtm?: Dtm | undefined;
}

/** The coordinator of a service's sagas; one for each queue of jobs. */
export function createCoordinator(options: CoordinatorOptions): Coordinator {
  return new SagaCoordinator(options);
}

type AnyDefinition = SagaDefinition<JsonObject, JsonObject>;

/** Stores sagas in the service's database and has a job drive each of them until it has ended. */
class SagaCoordinator implements Coordinator {
  readonly #options: CoordinatorOptions;
  readonly #store: SagaStore;
  readonly #driver: SagaDriver;
  readonly #definitions = new Map<string, AnyDefinition>();
  readonly #waiters: SagaWaiters;
  /** Sagas that this process has started and is waiting for, as they were inserted. */
  readonly #started = new Map<string, StoredSaga>();
  readonly #ended: () => Promise<void>;

  constructor(options: CoordinatorOptions) {
    this.#options = options;
    const { database, config, dtm } = options;
    this.#store = createSagaStore(database);
    this.#driver = dtm === undefined ? createEmbeddedDriver(this.#store) : createDtmDriver(dtm, this.#store);
    this.#waiters = new SagaWaiters(database.runtime);
    this.#ended = createRowSweeper({
      runtime: database.runtime,
      keptMs: config.Retention,
      remove: (before, count) => removeOldSagas(database, before, count),
    });
    options.jobs.handle<{ gid: string }>(DRIVE, (call, { gid }, job) => this.#drive(call, gid, job), {
      isInternal: true,
    });
  }

  define<Payload extends JsonObject, Answer extends JsonObject, Request>(
    definition: SagaDefinition<Payload, Answer, Request>,
  ): Saga<Payload, Answer> {
    // A saga's row names its kind, so its payload always meets the definition that wrote it.
    this.#definitions.set(definition.kind, definition as unknown as AnyDefinition);
    return {
      run: async (call, { gid, payload, start }) => {
        if (definition.isAtOnce) {
          return decideAtOnce(this.#options.database, { definition, saga: { gid, payload }, start });
        }
        const saga = { gid, kind: definition.kind, payload: JSON.stringify(payload) };
        const waiter = this.#waiters.enter(gid);
        try {
          await this.#options.database.share(async (tx) => {
            await start?.(tx);
            this.#started.set(gid, await this.#store.insert(tx, saga));
            await this.#options.jobs.enqueue(tx, { kind: DRIVE, payload: { gid } });
          });
          await waiter.endedOrLate(call);
        } finally {
          this.#started.delete(gid);
          waiter.leave();
        }
        // The answer of a saga comes from its own definition.
        return (waiter.result ?? (await this.#read(gid))) as SagaResult<Answer>;
      },
    };
  }

  async #drive(call: Call, gid: string, job: JobInfo): Promise<JobOutcome | undefined> {
    const { log, database } = this.#options;
    try {
      await this.#driveFrom(call, { gid, job }, await this.#rowOf(gid, job));
      return undefined;
    } catch (error) {
      // Retried without limit: a saga that was given up would hold for ever what its step took.
      const again = backoffMs(database.runtime, job.attempts, BACKOFF);
      if (!(error instanceof SagaMovedOn)) {
        log.warn({ gid, job: job.id, count: job.attempts, error }, "a saga could not go on; retrying");
      }
      return { again };
    }
  }

  /** The first attempt usually follows the saga's start in this process, which still has its row. */
  async #rowOf(gid: string, { attempts }: JobInfo): Promise<StoredSaga | undefined> {
    const started = attempts === 1 ? this.#started.get(gid) : undefined;
    return started ?? this.#store.find(gid);
  }

  async #driveFrom(
    call: Call,
    { gid, job }: { readonly gid: string; readonly job: JobInfo },
    row: StoredSaga | undefined,
  ): Promise<void> {
    // It was written together with this job, so it will be visible on the next attempt.
    if (row === undefined) throw new Error(`saga ${gid} is not there yet`);
    if (isEnded(row)) return;
    const { kind } = row;
    const definition = this.#definitions.get(kind);
    if (definition === undefined) throw new Error(`saga ${gid} is of a kind that nobody defines: ${kind}`);
    const step = definition.step(JSON.parse(row.payload) as JsonObject);
    const arrived = await this.#driver.drive(call, row, step, job.attempts);
    this.#waiters.settle(gid, await this.#end(definition, arrived, job));
    await this.#ended();
  }

  /**
   * Ends a saga together with the job that drives it. The first attempt to get here ends it, even if its lease has
   * expired and another attempt holds the job, which then finds the saga ended.
   */
  #end(definition: AnyDefinition, row: StoredSaga, job: JobInfo): Promise<SagaResult<JsonObject>> {
    return this.#options.database.share(async (tx) => {
      const result = await this.#endIn(tx, definition, row);
      await job.finish(tx);
      return result;
    });
  }

  async #endIn(
    tx: RowTransaction,
    definition: AnyDefinition,
    row: StoredSaga,
  ): Promise<SagaResult<JsonObject>> {
    const saga = { gid: row.gid, payload: JSON.parse(row.payload) as JsonObject };
    if (row.error === null) {
      const answer = await definition.succeed(tx, saga);
      await this.#store.succeed(tx, row, answer);
      return { outcome: "succeeded", answer };
    }
    const error = restoreError(row.error);
    await definition.fail(tx, saga, error);
    await this.#store.fail(tx, row, error);
    return { outcome: "failed", error };
  }

  /** The state of a saga by its row, if this process did not end it in time. */
  async #read(gid: string): Promise<SagaResult<JsonObject>> {
    const row = await this.#store.find(gid);
    if (row?.state === SAGA_STATE.succeeded) {
      return { outcome: "succeeded", answer: JSON.parse(row.answer ?? "{}") as JsonObject };
    }
    if (row?.state === SAGA_STATE.failed && row.error !== null) {
      return { outcome: "failed", error: restoreError(row.error) };
    }
    return { outcome: "unknown" };
  }
}
