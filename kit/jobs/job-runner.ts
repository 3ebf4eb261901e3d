import { backgroundCall, type Call, runWithTimeout } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { Logger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";
import { BegunAttempt } from "./begun-attempt.ts";
import { isDeadly, type Judgement, judgeFailure, judgeOutcome } from "./job-attempt.ts";
import type { JobKind } from "./job-kind.ts";
import type { JobMetrics } from "./job-metrics.ts";
import type { JsonObject } from "./job-queue.ts";
import { JOB_STATE } from "./job-state.ts";
import type { ClaimedJob, JobStore } from "./job-store.ts";
import { LeaseKeeper } from "./lease-keeper.ts";

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

/** What becomes of a job whose attempt the end of the process broke off: nobody knows how far it came. */
const BROKEN_OFF = "broken off";

/** What becomes of a job that its handler has ended in a transaction: nothing is left to be written down. */
const FINISHED: Judgement = { end: "done", verdict: undefined };

/** Runs claimed jobs, a limited number of each kind at a time, and records what became of them. */
export class JobRunner {
  readonly #options: JobRunnerOptions;
  readonly #calls = new Set<Call>();
  readonly #runs = new Set<Promise<void>>();
  #isStopping = false;

  constructor(options: JobRunnerOptions) {
    this.#options = options;
  }

  /** Runs a job when its turn comes; calls `tried` once its attempt has ended or will not happen. Never rejects. */
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
    if (judgement === undefined) await this.#giveBack(job, false);
    else if (judgement === BROKEN_OFF) await this.#giveBack(job, true);
    else await this.#record(job, judgement);
  }

  /** What is to become of a job; undefined where it was not even begun. */
  async #attempt(job: ClaimedJob, kind: JobKind): Promise<Judgement | typeof BROKEN_OFF | undefined> {
    const { runtime, leaseMs } = this.#options;
    // The last third of the lease is for writing down how it ended.
    const leftMs = job.until - leaseMs / 3 - runtime.now();
    return leftMs < leaseMs / 3 ? undefined : this.#judge(job, kind, leftMs);
  }

  async #judge(
    job: ClaimedJob,
    { handler, isLong }: JobKind,
    leftMs: number,
  ): Promise<Judgement | typeof BROKEN_OFF> {
    const { runtime, horizonMs, store } = this.#options;
    if (isDeadly(runtime, job, horizonMs)) {
      return judgeFailure(runtime, job, { error: neverEnds(), horizonMs });
    }
    const call = backgroundCall();
    const attempt = new BegunAttempt(store, job);
    const keeper = isLong ? this.#keepLease(job, call, leftMs) : undefined;
    this.#calls.add(call);
    try {
      const answer = await runWithTimeout(runtime, call, isLong ? 0 : leftMs, async (child) =>
        handler(child, JSON.parse(job.payload) as JsonObject, attempt.info),
      );
      if (attempt.isFinished) return FINISHED;
      return judgeOutcome(runtime, typeof answer === "object" ? answer : undefined);
    } catch (error) {
      if (attempt.isFinished) return this.#tellFinished(job, error);
      if (this.#isStopping && call.error !== undefined) return BROKEN_OFF;
      return this.#judgeAndTell(job, error);
    } finally {
      keeper?.stop();
      this.#calls.delete(call);
    }
  }

  /** Renews the lease of an attempt that may outlast it; its call ends where that fails for too long. */
  #keepLease(job: ClaimedJob, call: Call, leftMs: number): LeaseKeeper {
    const { runtime, leaseMs, store } = this.#options;
    const renew = (): Promise<boolean> => store.renew(job, runtime.now() + leaseMs);
    // Where one renewal has no answer there is time for another.
    return new LeaseKeeper({ runtime, call, leftMs, everyMs: leaseMs / 4, renew });
  }

  #judgeAndTell(job: ClaimedJob, error: unknown): Judgement {
    const { runtime, horizonMs, log, queue } = this.#options;
    const judgement = judgeFailure(runtime, job, { error, horizonMs });
    const fields = { queue, kind: job.kind, job: job.id, count: job.attempts, error };
    if (judgement.end === "dead") log.error(fields, "gave a job up; it waits for an operator");
    else log.warn(fields, "an attempt of a job failed; retrying later");
    return judgement;
  }

  #tellFinished(job: ClaimedJob, error: unknown): Judgement {
    const { log, queue } = this.#options;
    const fields = { queue, kind: job.kind, job: job.id, count: job.attempts, error };
    log.warn(fields, "an attempt of a job failed after its work was done; not retrying");
    return FINISHED;
  }

  async #record(job: ClaimedJob, judgement: Judgement): Promise<void> {
    const { end, verdict } = judgement;
    const { store, metrics, waits } = this.#options;
    metrics.attempted(job.kind, end);
    if (judgement === FINISHED) return;
    await this.#writing(job, () => (verdict === undefined ? store.finish(job) : store.decide(job, verdict)));
    if (verdict?.state === JOB_STATE.waiting) waits(verdict.dueAt);
  }

  #giveBack(job: ClaimedJob, wasBegun: boolean): Promise<void> {
    return this.#writing(job, () => this.#options.store.release(job, wasBegun));
  }

  /** What cannot be written is found out when the claim has run out, and the job is run again. */
  async #writing(job: ClaimedJob, write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
    } catch (error) {
      const { log, queue } = this.#options;
      const fields = { queue, kind: job.kind, job: job.id, error };
      log.warn(fields, "could not record how an attempt of a job ended; it will run again");
    }
  }
}

function neverEnds(): AppError {
  return new AppError("ABORTED", "JOB_NEVER_ENDED", "none of its attempts came to an end");
}
