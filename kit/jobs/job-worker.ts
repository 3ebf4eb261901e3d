import type { JobsConfig } from "@mall/kit/config";
import { invalidArgument } from "@mall/kit/errors";
import type { Logger } from "@mall/kit/log";
import type { Observer } from "@mall/kit/observe";
import type { Runtime } from "@mall/kit/runtime";
import type { Database, RowTransaction } from "@mall/kit/store";
import { type AnyHandler, JobKind } from "./job-kind.ts";
import { createJobMetrics } from "./job-metrics.ts";
import { JobPoller } from "./job-poller.ts";
import type { JobHandler, JobQueue, JobTicket, JsonObject, KindOptions, NewJob } from "./job-queue.ts";
import { JobRunner } from "./job-runner.ts";
import { type ClaimedJob, JobStore } from "./job-store.ts";
import { JobSweeper } from "./job-sweeper.ts";
import { placesOf } from "./places-of.ts";

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

/** The jobs of one queue, and who runs them in this process. */
export class JobWorker implements JobQueue {
  readonly #runtime: Runtime;
  readonly #config: JobsConfig;
  readonly #store: JobStore;
  readonly #runner: JobRunner;
  readonly #poller: JobPoller;
  readonly #kinds = new Map<string, JobKind>();
  readonly #queue: string;
  readonly #name: string;
  #claims = 0;

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
        kinds: this.#kinds,
        count: () => this.#store.count(),
      }),
      kinds: this.#kinds,
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

  handle<P extends JsonObject>(kind: string, handler: JobHandler<P>, options: KindOptions = {}): void {
    if (this.#poller.isRunning) throw new Error(`queue ${this.#queue} is run already, and without ${kind}`);
    if (this.#kinds.has(kind)) throw new Error(`queue ${this.#queue} has a handler for ${kind} already`);
    // Whoever enqueues a kind and whoever handles it agree on its payload, which travels as JSON.
    const places = placesOf(this.#config, options);
    this.#kinds.set(kind, new JobKind(kind, handler as AnyHandler, { ...options, places }));
  }

  async enqueue(tx: RowTransaction, job: NewJob): Promise<JobTicket> {
    const kind = this.#kinds.get(job.kind);
    if (kind === undefined) throw new Error(`queue ${this.#queue} has no handler for ${job.kind}`);
    if (job.key !== undefined && !/^\S+$/.test(job.key))
      throw invalidArgument("key", "must not be empty or hold a space");
    const createdAt = this.#runtime.now();
    const delayMs = Math.max(0, Math.ceil(job.delayMs ?? 0));
    const isTried = delayMs === 0 && this.#poller.isRunning && kind.hasRoom;
    const claim = isTried ? this.#newClaim() : "";
    const dueAt = createdAt + (isTried ? this.#config.Lease : delayMs);
    const payload = JSON.stringify(job.payload);
    const attempts = isTried ? 1 : 0;
    const row = { kind: job.kind, payload, uniqueKey: job.key ?? null, dueAt, claim, attempts, createdAt };
    const id = await this.#store.insert(row, tx);
    if (id === undefined) {
      if (job.isStanding && (await this.#store.revive(job.key ?? "", tx)))
        tx.afterEnd(async () => this.#poller.wakeAt(createdAt));
      return NO_ATTEMPT;
    }
    if (isTried) {
      const claimed = { id, kind: job.kind, payload, claim, until: dueAt, attempts, createdAt };
      return this.#tryAfter(tx, { ...claimed, failures: 0, failingSince: 0, wasLost: false }, kind);
    }
    tx.afterEnd(async () => this.#poller.wakeAt(dueAt));
    return NO_ATTEMPT;
  }

  /** Begins to run what is due; a queue that nobody handles has nothing to run. */
  start(): void {
    if (this.#kinds.size > 0) this.#poller.start();
  }

  /** Claims nothing any more, and lets what is run end; see JobRunner.stop. */
  async stop(graceMs: number): Promise<void> {
    const lookedLast = this.#poller.stop();
    await this.#runner.stop(graceMs);
    await lookedLast;
    // What that look may still have claimed is given back.
    await this.#runner.stop(0);
  }

  /**
   * Runs the job once its transaction is committed, while whoever waits for the transaction goes on. Of one
   * whose end is unknown nobody knows whether the job exists: if it does, its claim runs out.
   */
  #tryAfter(tx: RowTransaction, job: ClaimedJob, kind: JobKind): JobTicket {
    kind.promise();
    const { promise, resolve } = Promise.withResolvers<void>();
    tx.afterEnd(async (end) => {
      kind.endPromise();
      if (end === "committed") void this.#runner.run(job, kind, resolve);
      else resolve();
    });
    return { settled: () => promise };
  }

  /** Claims due jobs as long as there are places, and says when the next is due. */
  async #claimDue(): Promise<number> {
    while (this.#poller.isRunning) {
      const open = [...this.#kinds.values()].map((kind) => ({ kind, limit: kind.askRoom() }));
      const wanted = open.filter(({ limit }) => limit > 0);
      const dueTimes = await this.#store.nextDueTimes(wanted.map(({ kind }) => kind.name));
      const dueAt = ({ kind }: { kind: JobKind }): number =>
        dueTimes.get(kind.name) ?? Number.POSITIVE_INFINITY;
      const now = this.#runtime.now();
      const due = wanted.filter((each) => dueAt(each) <= now);
      const later = wanted.filter((each) => dueAt(each) > now);
      // What is due and not claimed is being claimed by another worker.
      if (due.length === 0 || (await this.#claim(due)) === 0) return Math.min(...later.map(dueAt));
    }
    return Number.POSITIVE_INFINITY;
  }

  /** Claims and runs due jobs of these kinds; returns how many. */
  async #claim(wanted: readonly { readonly kind: JobKind; readonly limit: number }[]): Promise<number> {
    const until = this.#runtime.now() + this.#config.Lease;
    const kinds = wanted.map(({ kind, limit }) => ({ name: kind.name, limit }));
    const jobs = await this.#store.claimDue({ kinds, until, prefix: `${this.#newClaim()}.` });
    for (const job of jobs) {
      const kind = this.#kinds.get(job.kind);
      if (kind !== undefined) void this.#runTaken(job, kind);
    }
    return jobs.length;
  }

  async #runTaken(job: ClaimedJob, kind: JobKind): Promise<void> {
    kind.take();
    await this.#runner.run(job, kind);
    if (kind.release()) this.#poller.wakeAt(this.#runtime.now());
  }

  #newClaim(): string {
    this.#claims += 1;
    return `${this.#name}.${this.#claims}`;
  }
}
