import type { JobInfo } from "./job-queue.ts";
import type { ClaimedJob, JobStore } from "./job-store.ts";

/** An attempt that goes on, and whether its handler has ended the job. */
export class BegunAttempt {
  readonly info: JobInfo;
  #isFinished = false;

  constructor(store: JobStore, job: ClaimedJob) {
    const { id, attempts, createdAt } = job;
    this.info = {
      id,
      attempts,
      createdAt,
      finish: async (tx) => {
        await store.finishIn(tx, job);
        tx.afterEnd(async (end) => {
          // Of an end that is unknown the row tells: what the attempt then comes to is written under the claim.
          if (end === "committed") this.#isFinished = true;
        });
      },
    };
  }

  /** Whether a transaction is committed that has ended the job. */
  get isFinished(): boolean {
    return this.#isFinished;
  }
}
