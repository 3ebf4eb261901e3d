import assert from "node:assert/strict";
import { it } from "node:test";
import { createShiftedRuntime, forEachDatabase, until } from "@mall/kit/testing";
import { JOB_STATE } from "./job-state.ts";
import { createLosable, createProcess, openJobs, rowsOf } from "./test-jobs.ts";

const LEASE_MS = 15_000;

forEachDatabase("jobs: claims", (databases) => {
  it("of many processes that look for due jobs at the same time, each job is claimed by one", async (t) => {
    const dataSource = await databases.createDataSource();
    const jobs = 300;
    const runs: number[] = [];
    const busy = new Set<number>();
    const start = async (index: number): Promise<void> => {
      const database = await openJobs(databases, { dataSource });
      const { workers, queue } = createProcess(t, database, { Concurrency: 4 });
      queue.handle<{ n: number }>("work", async (_call, { n }) => {
        runs.push(n);
        busy.add(index);
        await new Promise((resolve) => setImmediate(resolve));
      });
      workers.start();
    };
    const database = await openJobs(databases, { dataSource });
    const { queue, workers } = createProcess(t, database);
    queue.handle<{ n: number }>("work", async () => {});
    await database.transaction(async (tx) => {
      for (let n = 0; n < jobs; n += 1) await queue.enqueue(tx, { kind: "work", payload: { n } });
    });
    await Promise.all(Array.from({ length: 6 }, (_, index) => start(index)));
    await until("all jobs are done", async () =>
      (await rowsOf(database)).every(({ state }) => state === JOB_STATE.done),
    );
    await workers.drain(0);
    assert.deepEqual(
      runs.toSorted((a, b) => a - b),
      Array.from({ length: jobs }, (_, n) => n),
    );
    assert.ok((await rowsOf(database)).every(({ attempts }) => attempts === 1));
    assert.ok(busy.size > 1, "one process took them all");
  });

  it("a job whose process died is another's when the claim has run out, and not before", async (t) => {
    const runtime = createShiftedRuntime();
    const dataSource = await databases.createDataSource();
    const dying = createLosable(await openJobs(databases, { dataSource, runtime }));
    const first = createProcess(t, dying.database);
    first.queue.handle("work", () => new Promise<void>(() => {}));
    first.workers.start();
    await first.enqueue({});
    // From here on nothing of the first process reaches the database.
    dying.isLost = true;

    const database = await openJobs(databases, { dataSource, runtime });
    const second = createProcess(t, database);
    const attempts: number[] = [];
    second.queue.handle("work", async (_call, _payload, job) => void attempts.push(job.attempts));
    second.workers.start();
    await second.enqueue({});
    await until("the second job is done", async () => (await rowsOf(database))[1]?.state === JOB_STATE.done);
    assert.deepEqual(attempts, [1]);
    runtime.shift(LEASE_MS);
    await until("the lost job is tried again", () => attempts.length === 2);
    assert.deepEqual(attempts, [1, 2]);
  });

  it("an attempt that outlived its claim writes nothing over the next one's", async (t) => {
    const dataSource = await databases.createDataSource();
    const [slowTime, fastTime] = [createShiftedRuntime(), createShiftedRuntime()];
    const slowDatabase = await openJobs(databases, { dataSource, runtime: slowTime });
    const slow = createProcess(t, slowDatabase);
    const slowEnd = Promise.withResolvers<void>();
    slow.queue.handle("work", () => slowEnd.promise);
    slow.workers.start();
    const ticket = await slow.enqueue({});

    const database = await openJobs(databases, { dataSource, runtime: fastTime });
    const fast = createProcess(t, database);
    const fastEnd = Promise.withResolvers<void>();
    let begun = false;
    fast.queue.handle("work", () => {
      begun = true;
      return fastEnd.promise;
    });
    // To this process the claim of the other has run out.
    fastTime.shift(LEASE_MS);
    fast.workers.start();
    await until("the other process has begun it", () => begun);
    slowEnd.resolve();
    await ticket.settled();
    await slow.workers.drain(1_000);
    const [held] = await rowsOf(database);
    assert.deepEqual([held?.state, held?.attempts, held?.claim === ""], [JOB_STATE.waiting, 2, false]);
    fastEnd.resolve();
    await fast.workers.drain(1_000);
    assert.equal((await rowsOf(database))[0]?.state, JOB_STATE.done);
  });

  it("a job that its process never survives is given up after the horizon", async (t) => {
    const runtime = createShiftedRuntime();
    const database = await openJobs(databases, { runtime });
    let begun = 0;
    const dieTrying = async (): Promise<void> => {
      const own = createLosable(database);
      const { queue, workers } = createProcess(t, own.database, { Horizon: 40_000 });
      queue.handle("deadly", () => {
        begun += 1;
        return new Promise<void>(() => {});
      });
      const before = begun;
      workers.start();
      await until(
        "it has begun or is dead",
        async () => begun > before || (await rowsOf(database))[0]?.state === JOB_STATE.dead,
      );
      own.isLost = true;
    };
    const { queue, enqueue } = createProcess(t, database);
    queue.handle("deadly", async () => {});
    await enqueue({ kind: "deadly" });
    for (let process = 0; process < 5; process += 1) {
      await dieTrying();
      runtime.shift(LEASE_MS);
    }
    const [row] = await rowsOf(database);
    assert.deepEqual(
      [row?.state, row?.error, begun],
      [JOB_STATE.dead, "JOB_NEVER_ENDED: none of its attempts came to an end", 4],
    );
  });

  it("a kind whose attempts hang holds no other kind up", async (t) => {
    const database = await openJobs(databases);
    const { workers, queue, enqueue } = createProcess(t, database, { Concurrency: 2 });
    queue.handle("hanging", (call) => new Promise<void>((_resolve, reject) => void call.onDone(reject)));
    let runs = 0;
    queue.handle("work", async () => {
      runs += 1;
    });
    for (let n = 0; n < 20; n += 1) await enqueue({ kind: "hanging" });
    for (let n = 0; n < 20; n += 1) await enqueue({});
    workers.start();
    for (let n = 0; n < 60; n += 1) await enqueue({ kind: "hanging" });
    await (await enqueue({})).settled();
    await until("twenty other jobs and one more have begun", () => runs === 21);
    const begun = (await rowsOf(database)).filter(({ kind, state }) => kind === "hanging" && state > 0);
    assert.deepEqual(begun, []);
  });

  it("of a kind that asks nobody outside of the mall four times as many go on at once", async (t) => {
    const database = await openJobs(databases);
    const { workers, queue, enqueue } = createProcess(t, database, { Concurrency: 2 });
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
    const begun = new Map<string, number>();
    const begin = (kind: string) => async () => {
      begun.set(kind, (begun.get(kind) ?? 0) + 1);
      await mayEnd;
    };
    queue.handle("outside", begin("outside"));
    queue.handle("inside", begin("inside"), { isInternal: true });
    workers.start();
    for (let n = 0; n < 20; n += 1) await enqueue({ kind: n % 2 === 0 ? "outside" : "inside" });
    await until("all places are taken", () => begun.get("inside") === 8 && begun.get("outside") === 2);
    end();
    await until("each of them is done", async () =>
      (await rowsOf(database)).every(({ state }) => state === JOB_STATE.done),
    );
    assert.deepEqual([...begun.values()].sort(), [10, 10]);
  });

  it("what only another version knows how to do waits for it, and holds nothing else up", async (t) => {
    const dataSource = await databases.createDataSource();
    const newer = createProcess(t, await openJobs(databases, { dataSource }));
    newer.queue.handle("new-kind", async () => {});
    for (let n = 0; n < 40; n += 1) await newer.enqueue({ kind: "new-kind" });

    const database = await openJobs(databases, { dataSource });
    const older = createProcess(t, database, { Concurrency: 2 });
    let runs = 0;
    older.queue.handle("work", async () => {
      runs += 1;
    });
    for (let n = 0; n < 3; n += 1) await older.enqueue({});
    older.workers.start();
    await until("each of the three was tried", () => runs === 3);
    newer.workers.start();
    await until("all jobs are done", async () =>
      (await rowsOf(database)).every(({ state }) => state === JOB_STATE.done),
    );
  });
});

forEachDatabase("jobs: drain", (databases) => {
  it("waits for what is run, gives back what waited for its turn, and takes nothing new", async (t) => {
    const database = await openJobs(databases);
    const { workers, queue, enqueue } = createProcess(t, database, { Concurrency: 1 });
    const gate = Promise.withResolvers<void>();
    let begun = 0;
    queue.handle("work", async () => {
      begun += 1;
      await gate.promise;
    });
    workers.start();
    const running = await enqueue({ key: "running" });
    const waiting = await enqueue({ key: "waiting" });
    const drained = workers.drain(60_000);
    const late = await enqueue({ key: "late" });
    await late.settled();
    gate.resolve();
    await drained;
    await Promise.all([running.settled(), waiting.settled()]);
    assert.equal(begun, 1);
    assert.deepEqual(
      (await rowsOf(database)).map(({ uniqueKey, state, claim, attempts }) => [
        uniqueKey,
        state,
        claim,
        attempts,
      ]),
      [
        ["running", JOB_STATE.done, "", 1],
        ["waiting", JOB_STATE.waiting, "", 0],
        ["late", JOB_STATE.waiting, "", 0],
      ],
    );
  });

  it("breaks off what does not end in time, which is no failure", async (t) => {
    const database = await openJobs(databases);
    const { workers, queue, enqueue } = createProcess(t, database);
    queue.handle("work", (call) => new Promise<void>((_resolve, reject) => void call.onDone(reject)));
    workers.start();
    const ticket = await enqueue({});
    await workers.drain(10);
    await ticket.settled();
    const [row] = await rowsOf(database);
    // Nobody knows how far it came, so that the next one is not the first.
    assert.deepEqual([row?.state, row?.claim, row?.attempts, row?.failures], [JOB_STATE.waiting, "", 1, 0]);
    assert.ok((row?.dueAt ?? 0) <= database.runtime.now());
  });

  it("an attempt ends within two thirds of its lease, and then counts as failed", async (t) => {
    const database = await openJobs(databases);
    const { workers, queue, enqueue } = createProcess(t, database, { Lease: 300 });
    const leftMs: number[] = [];
    queue.handle("work", (call) => {
      leftMs.push(call.deadline - database.runtime.now());
      return new Promise<void>(() => {});
    });
    workers.start();
    await enqueue({});
    await until("its time is up", async () => (await rowsOf(database))[0]?.failures === 1);
    assert.equal((await rowsOf(database))[0]?.error, "DEADLINE_EXCEEDED: context deadline exceeded");
    assert.ok(
      leftMs.every((ms) => ms <= 200),
      leftMs.join(),
    );
  });

  it("finds jobs again when the database is back", async (t) => {
    const database = await openJobs(databases);
    const away = createLosable(database);
    const { workers, queue } = createProcess(t, away.database);
    let runs = 0;
    queue.handle("work", async () => {
      runs += 1;
    });
    away.isLost = true;
    workers.start();
    await database.transaction((tx) => queue.enqueue(tx, { kind: "work", payload: {}, delayMs: 1 }));
    assert.equal(runs, 0);
    away.isLost = false;
    await until("the job is run", () => runs === 1);
  });
});
