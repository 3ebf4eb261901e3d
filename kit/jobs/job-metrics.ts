import type { Observer } from "@mall/kit/observe";
import type { AttemptEnd } from "./job-attempt.ts";

/** What the workers of a queue count. */
export interface JobMetrics {
  /** An attempt of a job of this kind ended. */
  attempted(kind: string, end: AttemptEnd): void;
}

/** The figures of one queue. */
export function createJobMetrics(observer: Observer, queue: string): JobMetrics {
  const attempts = observer.counter({
    name: "mall_jobs_attempts_total",
    help: "Attempts of jobs by how they ended: done, again (asked to be called later), failed, dead (given up).",
    labels: ["queue", "kind", "outcome"],
  });
  return {
    attempted: (kind, end) => attempts.add(1, queue, kind, end),
  };
}
