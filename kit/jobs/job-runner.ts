import { backgroundCall, type Call, type Runtime, runWithTimeout } from "@mall/kit/context";
import { AppError } from "@mall/kit/errors";
import type { Logger } from "@mall/kit/log";
import { isDeadly, type Judgement, judgeFailure, judgeOutcome } from "./job-attempt.ts";
import type { JobKind } from "./job-kind.ts";
import type { JobMetrics } from "./job-metrics.ts";
import type { JsonObject } from "./job-queue.ts";
import { JOB_STATE } from "./job-state.ts";
import type { ClaimedJob, JobStore } from "./job-store.ts";

export interface JobRunnerOptions {
  readonly queue: string;
  readonly store: JobStore;
  readonly runtime: Runtime;
  readonly log: Logger;
  readonly metrics: JobMetrics;
  readonly kinds: ReadonlyMap<string, JobKind>;
  readonly leaseMs: number;
  readonly horizonMs: number;
  /** Told when a job that was tried is due again. */
  waits(dueAt: number): void;
}

/** Runs claimed jobs, a limited number of each kind at a time, and records what became of them. */
export class JobRunner {
  readonly #options: JobRunnerOptions;
  readonly #calls = new Set<Call>();
  readonly #runs = new Set<Promise<void>>();
  #isStopping = false;

  constructor(options: JobRunnerOptions) {
    this.#options = options;
  }

  /** Runs a job when its turn comes; `tried` is told once its attempt has ended, or is not to be. Never rejects. */
  run(job: ClaimedJob, kind: JobKind, tried: () => void = () => {}): Promise<void> {
    const run = this.#run(job, kind, tried).finally(() => this.#runs.delete(run));
    this.#runs.add(run);
    return run;
  }

  /**
   * Gives back the jobs whose turn has not come and waits for the others; what goes on after `graceMs` is
   * cancelled and given back.
   */
  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    const timer = this.#options.runtime.setTimer(() => {
      for (const call of this.#calls) call.cancel();
    }, graceMs);
    for (const { slots } of this.#options.kinds.values()) slots.close();
    await Promise.all(this.#runs);
    timer.clear();
  }

  /** Writing down how an attempt ended waits for a commit, for which its place need not wait. */
  async #run(job: ClaimedJob, kind: JobKind, tried: () => void): Promise<void> {
    const judgement = await kind.slots.run(() => this.#attempt(job, kind));
    tried();
    if (judgement === undefined) await this.#giveBack(job);
    else await this.#record(job, judgement);
  }

  /** What is to become of a job; undefined where it is to be given back. */
  async #attempt(job: ClaimedJob, kind: JobKind): Promise<Judgement | undefined> {
    const { runtime, leaseMs } = this.#options;
    // The last third of the lease is for writing down how it ended.
    const leftMs = job.until - leaseMs / 3 - runtime.now();
    return leftMs < leaseMs / 3 ? undefined : this.#judge(job, kind, leftMs);
  }

  /** What is to become of a job; undefined where its attempt was broken off by the end of the process. */
  async #judge(job: ClaimedJob, { handler }: JobKind, leftMs: number): Promise<Judgement | undefined> {
    const { runtime, horizonMs } = this.#options;
    if (isDeadly(runtime, job, horizonMs)) {
      return judgeFailure(runtime, job, { error: neverEnds(), horizonMs });
    }
    const call = backgroundCall();
    this.#calls.add(call);
    try {
      const { id, attempts, createdAt } = job;
      const answer = await runWithTimeout(runtime, call, leftMs, async (child) =>
        handler(child, JSON.parse(job.payload) as JsonObject, { id, attempts, createdAt }),
      );
      return judgeOutcome(runtime, typeof answer === "object" ? answer : undefined);
    } catch (error) {
      if (this.#isStopping && call.error !== undefined) return undefined;
      return this.#judgeAndTell(job, error);
    } finally {
      this.#calls.delete(call);
    }
  }

  #judgeAndTell(job: ClaimedJob, error: unknown): Judgement {
    const { runtime, horizonMs, log, queue } = this.#options;
    const judgement = judgeFailure(runtime, job, { error, horizonMs });
    const fields = { queue, kind: job.kind, job: job.id, count: job.attempts, error };
    if (judgement.end === "dead") log.error(fields, "a job is given up, and waits for an operator");
    else log.warn(fields, "an attempt of a job failed, and another follows");
    return judgement;
  }

  async #record(job: ClaimedJob, { end, verdict }: Judgement): Promise<void> {
    const { store, metrics, waits } = this.#options;
    metrics.attempted(job.kind, end);
    await this.#writing(job, () => (verdict === undefined ? store.finish(job) : store.decide(job, verdict)));
    if (verdict?.state === JOB_STATE.waiting) waits(verdict.dueAt);
  }

  #giveBack(job: ClaimedJob): Promise<void> {
    return this.#writing(job, () => this.#options.store.release(job));
  }

  /** What cannot be written is found out when the claim has run out, and the job is run again. */
  async #writing(job: ClaimedJob, write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
    } catch (error) {
      const { log, queue } = this.#options;
      const fields = { queue, kind: job.kind, job: job.id, error };
      log.warn(fields, "how an attempt of a job ended could not be written down; it will be run again");
    }
  }
}

function neverEnds(): AppError {
  return new AppError("ABORTED", "JOB_NEVER_ENDED", "none of its attempts came to an end");
}
