import { type Backoff, backoffMs } from "@mall/kit/async";
import { AppError } from "@mall/kit/errors";
import type { Runtime } from "@mall/kit/runtime";
import { fitText } from "@mall/kit/store";
import type { JobOutcome } from "./job-queue.ts";
import { JOB_STATE } from "./job-state.ts";
import type { ClaimedJob, Verdict } from "./job-store.ts";

/** How an attempt ended: `again` and `failed` come back, `dead` does not. */
export type AttemptEnd = "done" | "again" | "failed" | "dead";

const ERROR_LENGTH_MAX = 512;
/** A job that fails comes back until its horizon. */
const BACKOFF: Backoff = { firstMs: 100, lastMs: 600_000 };

/** What follows from an attempt; a job that is done needs no verdict. */
export interface Judgement {
  readonly end: AttemptEnd;
  readonly verdict: Verdict | undefined;
}

/** After a handler has resolved. */
export function judgeOutcome(runtime: Runtime, outcome: JobOutcome | undefined): Judgement {
  if (outcome === undefined) return { end: "done", verdict: undefined };
  const dueAt = runtime.now() + Math.max(0, Math.ceil(outcome.again));
  return {
    end: "again",
    verdict: { state: JOB_STATE.waiting, dueAt, failures: 0, failingSince: 0, error: "" },
  };
}

/** After a handler has rejected: later again, until it has failed for as long as the horizon. */
export function judgeFailure(
  runtime: Runtime,
  job: ClaimedJob,
  { error, horizonMs }: { readonly error: unknown; readonly horizonMs: number },
): Judgement {
  const now = runtime.now();
  const failures = job.failures + 1;
  const failingSince = job.failingSince === 0 ? now : job.failingSince;
  const verdict = { failures, failingSince, error: describe(error) };
  if (now - failingSince >= horizonMs) {
    return { end: "dead", verdict: { ...verdict, state: JOB_STATE.dead, dueAt: now } };
  }
  const dueAt = now + backoffMs(runtime, failures, BACKOFF);
  return { end: "failed", verdict: { ...verdict, state: JOB_STATE.waiting, dueAt } };
}

/**
 * Whether a job is to be given up although no attempt of it failed: each one that began since the horizon ended
 * with its process, which it may well have been the reason of.
 */
export function isDeadly(runtime: Runtime, job: ClaimedJob, horizonMs: number): boolean {
  return job.wasLost && job.failingSince > 0 && runtime.now() - job.failingSince >= horizonMs;
}

/** The error as the table keeps it for operators: no text of a driver, whose errors are the log's alone. */
function describe(error: unknown): string {
  const text =
    error instanceof AppError
      ? `${error.reason}: ${error.message}`
      : `${error instanceof Error ? error.name : "error"}: not foreseen, see the log`;
  return fitText(text, ERROR_LENGTH_MAX);
}
