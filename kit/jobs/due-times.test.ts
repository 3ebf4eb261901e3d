import assert from "node:assert/strict";
import { it } from "node:test";
import { AppError } from "@mall/kit/errors";
import { createShiftedRuntime, forEachDatabase, until } from "@mall/kit/testing";
import { JOB_STATE } from "./job-state.ts";
import { createProcess, openJobs, rowsOf } from "./test-jobs.ts";

forEachDatabase("jobs: time", (databases) => {
  it("a job for later runs when it is due, and not before", async (t) => {
    const runtime = createShiftedRuntime();
    const database = await openJobs(databases, { runtime });
    const { workers, queue, enqueue } = createProcess(t, database);
    const seen: unknown[] = [];
    queue.handle<{ n: number }>("work", async (_call, { n }) => void seen.push(n));
    workers.start();
    await (await enqueue({ payload: { n: 1 }, delayMs: 60_000 })).settled();
    await (await enqueue({ payload: { n: 2 }, delayMs: 1 })).settled();
    await until("the one due now was done", () => seen.length === 1);
    runtime.shift(60_000);
    await until("the one due a minute later was done", () => seen.length === 2);
    assert.deepEqual(seen, [2, 1]);
  });

  it("a handler may ask to be called again, which is no failure", async (t) => {
    const runtime = createShiftedRuntime();
    const database = await openJobs(databases, { runtime });
    const { workers, queue, enqueue } = createProcess(t, database);
    let runs = 0;
    queue.handle("work", async (_call, _payload, { attempts }) => {
      runs = attempts;
      return attempts < 3 ? { again: 5_000 } : undefined;
    });
    workers.start();
    await enqueue({});
    const rowAfter = async (attempts: number) => {
      await until(
        `attempt ${attempts} is written down`,
        async () => runs === attempts && (await rowsOf(database))[0]?.claim === "",
      );
      return (await rowsOf(database))[0];
    };
    const waiting = await rowAfter(1);
    assert.deepEqual([waiting?.state, waiting?.failures], [JOB_STATE.waiting, 0]);
    assert.ok((waiting?.dueAt ?? 0) > runtime.now() + 3_000);
    runtime.shift(5_000);
    await rowAfter(2);
    runtime.shift(5_000);
    assert.equal((await rowAfter(3))?.state, JOB_STATE.done);
  });

  it("a job that fails is tried again later and later, and given up after the horizon", async (t) => {
    const runtime = createShiftedRuntime();
    const database = await openJobs(databases, { runtime });
    const { workers, queue, enqueue } = createProcess(t, database, { Horizon: 60_000 });
    let runs = 0;
    queue.handle("work", async (_call, _payload, { attempts }) => {
      runs = attempts;
      throw new AppError("UNAVAILABLE", "BANK_AWAY", "the bank does not answer");
    });
    workers.start();
    await enqueue({});
    const pauses: number[] = [];
    for (let attempt = 1; ; attempt += 1) {
      await until(
        `attempt ${attempt} is written down`,
        async () => runs === attempt && (await rowsOf(database))[0]?.claim === "",
      );
      const [row] = await rowsOf(database);
      assert.equal(row?.error, "BANK_AWAY: the bank does not answer");
      if (row?.state === JOB_STATE.dead) break;
      assert.equal(row?.failures, attempt);
      pauses.push((row?.dueAt ?? 0) - runtime.now());
      runtime.shift((row?.dueAt ?? 0) - runtime.now());
    }
    assert.ok(pauses.length >= 9 && pauses.length <= 12, `${pauses.length} pauses`);
    assert.ok((pauses.at(-1) ?? 0) > 10_000);
    runtime.shift(600_000);
    await workers.drain(1_000);
    assert.equal((await rowsOf(database))[0]?.attempts, runs);
  });

  it("what was not foreseen stays in the log", async (t) => {
    const database = await openJobs(databases);
    const { workers, queue, enqueue } = createProcess(t, database);
    queue.handle("work", async () => {
      throw new TypeError("password=1234 at host db-7");
    });
    workers.start();
    await (await enqueue({})).settled();
    await workers.drain(1_000);
    assert.equal((await rowsOf(database))[0]?.error, "TypeError: not foreseen, see the log");
  });

  it("jobs that were over long ago are removed, those that are dead or wait are not", async (t) => {
    const runtime = createShiftedRuntime();
    const database = await openJobs(databases, { runtime });
    const { workers, queue, enqueue } = createProcess(t, database, { Retention: 3_600_000, Horizon: 0 });
    queue.handle("work", async () => {});
    queue.handle("failing", async () => {
      throw new Error("no");
    });
    workers.start();
    await (await enqueue({ key: "done" })).settled();
    await (await enqueue({ kind: "failing", key: "dead" })).settled();
    await enqueue({ key: "later", delayMs: 7_200_000 });
    const areWritten = async (count: number) =>
      (await rowsOf(database)).filter(({ state }) => state !== JOB_STATE.waiting).length === count;
    await until("two jobs have ended", () => areWritten(2));
    runtime.shift(3_000_000);
    await (await enqueue({ key: "fresh" })).settled();
    await until("the fresh one has ended", () => areWritten(3));
    runtime.shift(900_000);
    await until("the oldest job was swept", async () => (await rowsOf(database)).length === 3);
    assert.deepEqual(
      (await rowsOf(database)).map(({ uniqueKey }) => uniqueKey),
      ["dead", "later", "fresh"],
    );
  });
});
