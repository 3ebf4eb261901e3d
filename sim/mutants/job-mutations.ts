import type { Mutation } from "./mutation.ts";

/** Mistakes about durable jobs and idempotency keys. */
export const JOB_MUTATIONS: readonly Mutation[] = [
  {
    name: "job-run-whatever-became-of-its-transaction",
    harm: "what follows a change happens although the change was rolled back",
    edits: [
      {
        file: "kit/jobs/job-worker.ts",
        find: 'if (end === "committed") void this.#runner.run(',
        replace: "if (end.length > 0) void this.#runner.run(",
      },
    ],
  },
  {
    name: "job-done-before-it-is-run",
    harm: "a crash while a job is run loses it",
    edits: [
      {
        file: "kit/jobs/job-runner.ts",
        find: "    const judgement = await kind.slots.run(",
        replace: `    await this.#writing(job, () => this.#options.store.finish(job));
    const judgement = await kind.slots.run(`,
      },
    ],
  },
  {
    name: "job-done-before-its-saga",
    harm: "a crash right before the end of a saga leaves it to nobody",
    edits: [
      {
        file: "kit/saga/coordinator.ts",
        find: "    this.#waiters.settle(gid, await this.#end(definition, arrived, job));",
        replace: `    await this.#options.database.transaction((tx) => job.finish(tx));
    this.#waiters.settle(gid, await this.#end(definition, arrived, job));`,
      },
    ],
  },
  {
    name: "failed-job-taken-for-done",
    harm: "what could not be done at once is never done",
    edits: [
      {
        file: "kit/jobs/job-runner.ts",
        find: "(verdict === undefined ? store.finish(job) : store.decide(job, verdict))",
        replace:
          "(verdict === undefined || verdict.failures > 0 ? store.finish(job) : store.decide(job, verdict))",
      },
    ],
  },
  {
    name: "lost-claims-never-found",
    harm: "a job whose process has died is run by nobody",
    edits: [
      {
        file: "kit/jobs/job-store.ts",
        find: "WHERE queue = ? AND state = ? AND kind = ? AND due_at <= ?",
        replace: "WHERE claim = '' AND queue = ? AND state = ? AND kind = ? AND due_at <= ?",
      },
    ],
  },
  {
    name: "key-taken-for-any-request",
    harm: "a key that was used for one request answers another one",
    edits: [
      {
        file: "kit/idempotency/idempotency.ts",
        find: "if (row.method !== use.method || row.requestHash !== use.requestHash) throw idempotencyKeyReused();",
        replace: "if (row.method !== use.method) throw idempotencyKeyReused();",
      },
    ],
  },
  {
    name: "keys-of-everybody",
    harm: "a key that somebody else has used is refused, or answers with what is his",
    edits: [
      {
        file: "kit/idempotency/idempotency.ts",
        find: "return { owner, idempotencyKey: key, method,",
        replace: "return { owner: owner.slice(0, 0), idempotencyKey: key, method,",
      },
    ],
  },
  {
    name: "answer-saved-outside-of-the-transaction",
    harm: "a crash between effect and answer has a key take effect twice",
    edits: [
      {
        file: "kit/idempotency/idempotency.ts",
        find: `          await this.#insert(tx, { ...use, state: KEY_STATE.answered, answer });
          return outcome;`,
        replace: `          tx.afterEnd(async (end) => {
            const row = { ...use, state: KEY_STATE.answered, answer };
            if (end === "committed") await this.#database.transaction((own) => this.#insert(own, row));
          });
          return outcome;`,
      },
    ],
  },
];
