import type { JobsConfig } from "@mall/kit/config";
import type { Runtime } from "@mall/kit/context";
import { invalidArgument } from "@mall/kit/errors";
import type { Logger } from "@mall/kit/log";
import type { Observer } from "@mall/kit/observe";
import type { Database, Transaction } from "@mall/kit/store";
import { createJobMetrics } from "./job-metrics.ts";
import { JobPoller } from "./job-poller.ts";
import type { JobHandler, JobQueue, JobTicket, JsonObject, NewJob } from "./job-queue.ts";
import { type AnyHandler, JobRunner } from "./job-runner.ts";
import { type ClaimedJob, JobStore } from "./job-store.ts";
import { JobSweeper } from "./job-sweeper.ts";

export interface JobWorkerOptions {
  readonly database: Database;
  readonly queue: string;
  readonly runtime: Runtime;
  readonly log: Logger;
  readonly observer: Observer;
  readonly config: JobsConfig;
}

const NO_ATTEMPT: JobTicket = { settled: async () => {} };

/** Random bytes in the name of a worker, which no other may have. */
const NAME_BYTES = 8;

/** Attempts that may wait for a place in memory, per place; beyond that new jobs wait in the table. */
const HELD_PER_PLACE_MAX = 16;

/** The jobs of one queue, and who runs them in this process. */
export class JobWorker implements JobQueue {
  readonly #runtime: Runtime;
  readonly #config: JobsConfig;
  readonly #store: JobStore;
  readonly #runner: JobRunner;
  readonly #poller: JobPoller;
  readonly #handlers = new Map<string, AnyHandler>();
  readonly #queue: string;
  readonly #name: string;
  #claims = 0;
  /** Attempts that were promised to transactions which have not ended. */
  #promised = 0;
  /** Jobs taken out of the table because they were due, and not over yet. */
  #taken = 0;
  /** Whether due jobs were left in the table for want of places. */
  #leftSome = false;

  constructor({ database, queue, runtime, log, observer, config }: JobWorkerOptions) {
    this.#runtime = runtime;
    this.#config = config;
    this.#queue = queue;
    this.#name = Buffer.from(runtime.randomBytes(NAME_BYTES)).toString("hex");
    this.#store = new JobStore(database, queue);
    const common = { queue, runtime, log };
    this.#runner = new JobRunner({
      ...common,
      store: this.#store,
      metrics: createJobMetrics({
        observer,
        queue,
        runtime,
        kinds: this.#handlers,
        count: () => this.#store.count(),
      }),
      concurrency: config.Concurrency,
      leaseMs: config.Lease,
      horizonMs: config.Horizon,
      waits: (dueAt) => this.#poller.wakeAt(dueAt),
    });
    const sweeper = new JobSweeper({ store: this.#store, runtime, retentionMs: config.Retention });
    this.#poller = new JobPoller({
      ...common,
      intervalMs: config.Interval,
      look: async () => Math.min(await this.#claimDue(), await sweeper.sweep()),
    });
  }

  handle<P extends JsonObject>(kind: string, handler: JobHandler<P>): void {
    if (this.#poller.isRunning) throw new Error(`queue ${this.#queue} is run already, and without ${kind}`);
    if (this.#handlers.has(kind)) throw new Error(`queue ${this.#queue} has a handler for ${kind} already`);
    // Whoever enqueues a kind and whoever handles it agree on its payload, which travels as JSON.
    this.#handlers.set(kind, handler as AnyHandler);
  }

  async enqueue(tx: Transaction, job: NewJob): Promise<JobTicket> {
    const handler = this.#handlers.get(job.kind);
    if (handler === undefined) throw new Error(`queue ${this.#queue} has no handler for ${job.kind}`);
    if (job.key !== undefined && !/^\S+$/.test(job.key))
      throw invalidArgument("key", "must not be empty or hold a space");
    const createdAt = this.#runtime.now();
    const delayMs = Math.max(0, Math.ceil(job.delayMs ?? 0));
    const isTried = delayMs === 0 && this.#hasRoom();
    const claim = isTried ? this.#newClaim() : "";
    const dueAt = createdAt + (isTried ? this.#config.Lease : delayMs);
    const payload = JSON.stringify(job.payload);
    const attempts = isTried ? 1 : 0;
    const row = { kind: job.kind, payload, uniqueKey: job.key ?? null, dueAt, claim, attempts, createdAt };
    const id = await this.#store.insert(row, tx);
    if (id === undefined) return NO_ATTEMPT;
    if (isTried) {
      const claimed = { id, kind: job.kind, payload, claim, until: dueAt, attempts, createdAt };
      return this.#tryAfter(tx, { ...claimed, failures: 0, failingSince: 0, wasLost: false }, handler);
    }
    tx.afterEnd(async () => this.#poller.wakeAt(dueAt));
    return NO_ATTEMPT;
  }

  /** Begins to run what is due; a queue that nobody handles has nothing to run. */
  start(): void {
    if (this.#handlers.size > 0) this.#poller.start();
  }

  /** Claims nothing any more, and lets what is run end; see JobRunner.stop. */
  async stop(graceMs: number): Promise<void> {
    await this.#poller.stop();
    await this.#runner.stop(graceMs);
  }

  #hasRoom(): boolean {
    const held = this.#runner.held + this.#promised;
    return this.#poller.isRunning && held < this.#config.Concurrency * HELD_PER_PLACE_MAX;
  }

  /**
   * Runs the job once its transaction is committed, while whoever waits for the transaction goes on. Of one
   * whose end is unknown nobody knows whether the job exists: if it does, its claim runs out.
   */
  #tryAfter(tx: Transaction, job: ClaimedJob, handler: AnyHandler): JobTicket {
    this.#promised += 1;
    const { promise, resolve } = Promise.withResolvers<void>();
    tx.afterEnd(async (end) => {
      this.#promised -= 1;
      if (end === "committed") void this.#runner.run(job, handler, resolve);
      else resolve();
    });
    return { settled: () => promise };
  }

  /** Claims due jobs as long as there are places, and says when the next is due. */
  async #claimDue(): Promise<number> {
    for (;;) {
      const limit = 2 * this.#config.Concurrency - this.#taken;
      this.#leftSome = limit <= 0;
      if (this.#leftSome) return Number.POSITIVE_INFINITY;
      const dueAt = await this.#store.nextDueAt();
      if (dueAt === undefined || dueAt > this.#runtime.now()) return dueAt ?? Number.POSITIVE_INFINITY;
      const kinds = [...this.#handlers.keys()];
      const until = this.#runtime.now() + this.#config.Lease;
      const jobs = await this.#store.claimDue({ kinds, limit, until, prefix: `${this.#newClaim()}.` });
      for (const job of jobs) {
        const handler = this.#handlers.get(job.kind);
        if (handler !== undefined) void this.#runTaken(job, handler);
      }
      // What is due is being claimed by another worker, or only another version knows how it is done.
      if (jobs.length === 0) return Number.POSITIVE_INFINITY;
    }
  }

  /** Due jobs are taken many at a time: the next when half of the last are over. */
  async #runTaken(job: ClaimedJob, handler: AnyHandler): Promise<void> {
    this.#taken += 1;
    await this.#runner.run(job, handler);
    this.#taken -= 1;
    if (!this.#leftSome || this.#taken > this.#config.Concurrency) return;
    this.#leftSome = false;
    this.#poller.wakeAt(this.#runtime.now());
  }

  #newClaim(): string {
    this.#claims += 1;
    return `${this.#name}.${this.#claims}`;
  }
}
