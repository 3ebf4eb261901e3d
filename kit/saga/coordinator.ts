import { type Backoff, backoffMs } from "@mall/kit/async";
import type { Call } from "@mall/kit/call";
import type { JobInfo, JobOutcome, JobQueue, JsonObject } from "@mall/kit/jobs";
import type { Logger } from "@mall/kit/log";
import { createRowSweeper, type Database, type RowTransaction } from "@mall/kit/store";
import { decideAtOnce } from "./decide-at-once.ts";
import { removeOldSagas } from "./old-rows.ts";
import type { Coordinator, Saga, SagaDefinition, SagaResult } from "./saga.ts";
import type { SagaDriver } from "./saga-driver.ts";
import { isEnded, SAGA_STATE, SagaMovedOn, type SagaStore, type StoredSaga } from "./saga-store.ts";
import { SagaWaiters } from "./saga-waiters.ts";
import { restoreError } from "./stored-error.ts";

/** The kind of the job that drives a saga to its end. */
const DRIVE = "saga.drive";
/** Between attempts at a step that does not answer. */
const BACKOFF: Backoff = { firstMs: 100, lastMs: 30_000 };

export interface SagaCoordinatorOptions {
  readonly database: Database;
  readonly store: SagaStore;
  readonly driver: SagaDriver;
  readonly jobs: JobQueue;
  readonly log: Logger;
  /** How long a saga that has ended is kept, milliseconds. */
  readonly keptMs: number;
}

type AnyDefinition = SagaDefinition<JsonObject, JsonObject>;

/** Keeps sagas in the service's database and has them driven by a job until they have ended. */
export class SagaCoordinator implements Coordinator {
  readonly #options: SagaCoordinatorOptions;
  readonly #definitions = new Map<string, AnyDefinition>();
  readonly #waiters: SagaWaiters;
  /** Sagas that this process has started and waits for, as they began. */
  readonly #started = new Map<string, StoredSaga>();
  readonly #ended: () => Promise<void>;

  constructor(options: SagaCoordinatorOptions) {
    this.#options = options;
    const { database, keptMs } = options;
    this.#waiters = new SagaWaiters(database.runtime);
    this.#ended = createRowSweeper({
      runtime: database.runtime,
      keptMs,
      remove: (before, count) => removeOldSagas(database, before, count),
    });
    options.jobs.handle<{ gid: string }>(DRIVE, (call, { gid }, job) => this.#drive(call, gid, job), {
      isInternal: true,
    });
  }

  define<Payload extends JsonObject, Answer extends JsonObject>(
    definition: SagaDefinition<Payload, Answer>,
  ): Saga<Payload, Answer> {
    // The row of a saga pairs its payload with the definition that wrote it.
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
            this.#started.set(gid, await this.#options.store.insert(tx, saga));
            await this.#options.jobs.enqueue(tx, { kind: DRIVE, payload: { gid } });
          });
          await waiter.endedOrLate(call);
        } finally {
          this.#started.delete(gid);
          waiter.leave();
        }
        // What a saga of this definition ended with is its answer.
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
      // A saga has no horizon: given up, it would keep what its steps hold for ever.
      const again = backoffMs(database.runtime, job.attempts, BACKOFF);
      if (!(error instanceof SagaMovedOn)) {
        log.warn({ gid, job: job.id, count: job.attempts, error }, "a saga could not go on; retrying");
      }
      return { again };
    }
  }

  /** The first attempt comes right after the saga's start in this process, which knows its row. */
  async #rowOf(gid: string, { attempts }: JobInfo): Promise<StoredSaga | undefined> {
    const started = attempts === 1 ? this.#started.get(gid) : undefined;
    return started ?? this.#options.store.find(gid);
  }

  async #driveFrom(
    call: Call,
    { gid, job }: { readonly gid: string; readonly job: JobInfo },
    row: StoredSaga | undefined,
  ): Promise<void> {
    // It was written together with this job: who does not see it yet looks again.
    if (row === undefined) throw new Error(`saga ${gid} is not there yet`);
    if (isEnded(row)) return;
    const { kind } = row;
    const definition = this.#definitions.get(kind);
    if (definition === undefined) throw new Error(`saga ${gid} is of a kind that nobody defines: ${kind}`);
    const steps = definition.steps(JSON.parse(row.payload) as JsonObject);
    const arrived = await this.#options.driver.drive(call, row, steps, job.attempts);
    this.#waiters.settle(gid, await this.#end(definition, arrived, job));
    await this.#ended();
  }

  /**
   * Ends a saga, and with it the job that drives it. Whoever does so first has ended it, also where the job is another
   * attempt's by now, which then finds the saga ended.
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
    const { store } = this.#options;
    const saga = { gid: row.gid, payload: JSON.parse(row.payload) as JsonObject };
    if (row.error === null) {
      const answer = await definition.succeed(tx, saga);
      await store.succeed(tx, row, answer);
      return { outcome: "succeeded", answer };
    }
    const error = restoreError(row.error);
    await definition.fail(tx, saga, error);
    await store.fail(tx, row, error);
    return { outcome: "failed", error };
  }

  /** How a saga stands by its row, where it was not ended by this process in time. */
  async #read(gid: string): Promise<SagaResult<JsonObject>> {
    const row = await this.#options.store.find(gid);
    if (row?.state === SAGA_STATE.succeeded) {
      return { outcome: "succeeded", answer: JSON.parse(row.answer ?? "{}") as JsonObject };
    }
    if (row?.state === SAGA_STATE.failed && row.error !== null) {
      return { outcome: "failed", error: restoreError(row.error) };
    }
    return { outcome: "unknown" };
  }
}
