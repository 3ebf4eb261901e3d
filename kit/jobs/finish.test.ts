import assert from "node:assert/strict";
import { it } from "node:test";
import { AppError } from "@mall/kit/errors";
import { silentLogger } from "@mall/kit/log";
import { noopObserver } from "@mall/kit/observe";
import type { Database } from "@mall/kit/store";
import { createShiftedRuntime, forEachDatabase, until } from "@mall/kit/testing";
import { createJobWorkers, type JobInfo } from "./index.ts";
import { JOB_STATE } from "./job-state.ts";
import { createJobModelGen, type JobRow } from "./model/gen/job-model.ts";
import { createLosable, createProcess, openJobs, rowsOf } from "./test-jobs.ts";

const LEASE_MS = 15_000;

/** Another job's row stands for what the work writes. */
const WORK = "the work is done";

forEachDatabase("jobs: finished by their own work", (databases) => {
  /** Does the work of a job and ends it in one transaction. */
  const workAndFinish = (database: Database, { id, finish }: JobInfo): Promise<void> =>
    database.transaction(async (tx) => {
      const done = { queue: "work", kind: WORK, payload: "{}", uniqueKey: `work-${id}` };
      await createJobModelGen(database).insert({ ...done, dueAt: 0, createdAt: 0 }, tx);
      await finish(tx);
    });

  const ofWork = async (database: Database): Promise<{ jobs: JobRow[]; works: number }> => {
    const rows = await rowsOf(database);
    const jobs = rows.filter(({ kind }) => kind !== WORK);
    return { jobs, works: rows.length - jobs.length };
  };

  it("both are committed at once: a process that dies right after that leaves nothing to do", async (t) => {
    const dataSource = await databases.createDataSource();
    const runtime = createShiftedRuntime();
    const dying = createLosable(await openJobs(databases, { dataSource, runtime }));
    const first = createProcess(t, dying.database);
    first.queue.handle("work", async (_call, _payload, job) => {
      await workAndFinish(dying.database, job);
      dying.isLost = true;
    });
    first.workers.start();
    await (await first.enqueue({})).settled();

    const database = await openJobs(databases, { dataSource, runtime });
    const { jobs, works } = await ofWork(database);
    const [{ state, claim, attempts } = {}] = jobs;
    assert.deepEqual([state, claim, attempts, works], [JOB_STATE.done, "", 1, 1]);
    runtime.shift(LEASE_MS);
    const second = createProcess(t, database);
    const again: number[] = [];
    second.queue.handle("work", async (_call, _payload, { id }) => void again.push(id));
    second.workers.start();
    await (await second.enqueue({})).settled();
    assert.deepEqual(again, [(await ofWork(database)).jobs[1]?.id]);
  });

  it("a transaction that is rolled back has ended nothing, and the job is done by its next attempt", async (t) => {
    const database = await openJobs(databases);
    const { workers, queue, enqueue } = createProcess(t, database);
    queue.handle("work", (_call, _payload, job) =>
      database.transaction(async (tx) => {
        await job.finish(tx);
        if (job.attempts === 1) throw new AppError("ABORTED", "NOT_YET", "not yet");
      }),
    );
    workers.start();
    await (await enqueue({})).settled();
    await until("the job is done", async () => (await rowsOf(database))[0]?.state === JOB_STATE.done);
    const [row] = await rowsOf(database);
    assert.deepEqual([row?.attempts, row?.failures, row?.error], [2, 0, ""]);
  });

  it("what the handler comes to after that changes nothing", async (t) => {
    const database = await openJobs(databases);
    const lines: string[] = [];
    const log = { ...silentLogger, warn: (_fields: object, text: string) => void lines.push(text) };
    const workers = createJobWorkers({ runtime: database.runtime, log, observer: noopObserver });
    t.after(() => workers.drain(0));
    const queue = workers.open(database, "pay");
    let runs = 0;
    const finishThen = (kind: string, then: () => { again: number }): void =>
      queue.handle(kind, async (_call, _payload, job) => {
        runs += 1;
        await workAndFinish(database, job);
        return then();
      });
    finishThen("asks", () => ({ again: 0 }));
    finishThen("fails", () => {
      throw new Error("too late");
    });
    workers.start();
    for (const kind of ["asks", "fails"]) {
      const ticket = await database.transaction((tx) => queue.enqueue(tx, { kind, payload: {} }));
      await ticket.settled();
    }
    await workers.drain(1_000);
    const { jobs, works } = await ofWork(database);
    assert.deepEqual(
      jobs.map(({ state, attempts, failures }) => [state, attempts, failures]),
      [
        [JOB_STATE.done, 1, 0],
        [JOB_STATE.done, 1, 0],
      ],
    );
    assert.deepEqual([runs, works], [2, 2]);
    assert.deepEqual(lines, ["an attempt of a job failed after its work was done; not retrying"]);
  });

  it("of two attempts at once the one that outlived its lease has its work, and leaves the job to the other", async (t) => {
    const dataSource = await databases.createDataSource();
    const [slowTime, fastTime] = [createShiftedRuntime(), createShiftedRuntime()];
    const slowDatabase = await openJobs(databases, { dataSource, runtime: slowTime });
    const slow = createProcess(t, slowDatabase);
    const slowGoesOn = Promise.withResolvers<void>();
    slow.queue.handle("work", async (_call, _payload, job) => {
      await slowGoesOn.promise;
      await workAndFinish(slowDatabase, job);
    });
    slow.workers.start();
    const ticket = await slow.enqueue({});

    const database = await openJobs(databases, { dataSource, runtime: fastTime });
    const fast = createProcess(t, database);
    const fastGoesOn = Promise.withResolvers<void>();
    let begun = false;
    fast.queue.handle("work", async (_call, _payload, job) => {
      begun = true;
      await fastGoesOn.promise;
      await database.transaction((tx) => job.finish(tx));
    });
    // To this process the claim of the other has run out.
    fastTime.shift(LEASE_MS);
    fast.workers.start();
    await until("the second attempt is begun", () => begun);
    slowGoesOn.resolve();
    await ticket.settled();
    await slow.workers.drain(1_000);
    const held = await ofWork(database);
    const [{ state, attempts, claim } = {}] = held.jobs;
    assert.deepEqual([held.works, state, attempts, claim === ""], [1, JOB_STATE.waiting, 2, false]);
    fastGoesOn.resolve();
    await fast.workers.drain(1_000);
    assert.equal((await ofWork(database)).jobs[0]?.state, JOB_STATE.done);
  });
});
