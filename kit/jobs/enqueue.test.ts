import assert from "node:assert/strict";
import { it } from "node:test";
import { AppError } from "@mall/kit/errors";
import { forEachDatabase, until } from "@mall/kit/testing";
import { JOB_STATE } from "./job-state.ts";
import { createProcess, openJobs, rowsOf } from "./test-jobs.ts";

forEachDatabase("jobs: enqueue", (databases) => {
  it("a job exists if and only if its transaction commits, and is tried right after that", async (t) => {
    const database = await openJobs(databases);
    const { workers, queue, enqueue } = createProcess(t, database);
    const seen: unknown[] = [];
    queue.handle<{ n: number }>("work", async (_call, payload, { id, attempts, createdAt }) => {
      seen.push([payload, { id, attempts, createdAt }]);
    });
    workers.start();
    const undone = database.transaction(async (tx) => {
      await queue.enqueue(tx, { kind: "work", payload: { n: 1 } });
      throw new AppError("ABORTED", "NO", "no");
    });
    await assert.rejects(undone, { reason: "NO" });
    const ticket = await enqueue({ payload: { n: 2 } });
    await ticket.settled();
    const [{ createdAt = 0, id = 0 } = {}, ...others] = await rowsOf(database);
    assert.deepEqual(others, []);
    assert.deepEqual(seen, [[{ n: 2 }, { id, attempts: 1, createdAt }]]);
    await workers.drain(1_000);
    const [row] = await rowsOf(database);
    assert.deepEqual([row?.state, row?.claim, row?.attempts], [JOB_STATE.done, "", 1]);
  });

  it("a transaction that is tried again enqueues once", async (t) => {
    const database = await openJobs(databases);
    const { workers, queue } = createProcess(t, database);
    let runs = 0;
    queue.handle("work", async () => {
      runs += 1;
    });
    workers.start();
    let tries = 0;
    const attempt = () =>
      database.transaction(async (tx) => {
        const ticket = await queue.enqueue(tx, { kind: "work", payload: {} });
        tries += 1;
        if (tries === 1) throw new Error("once more");
        return ticket;
      });
    const ticket = await attempt().catch(attempt);
    await ticket.settled();
    assert.deepEqual([runs, (await rowsOf(database)).length], [1, 1]);
  });

  it("a key is taken once per queue, byte by byte, also after the job is over", async (t) => {
    const database = await openJobs(databases);
    const { workers, queue, enqueue } = createProcess(t, database);
    const other = workers.open(database, "order");
    const runs: string[] = [];
    queue.handle("work", async () => void runs.push("pay"));
    other.handle("work", async () => void runs.push("order"));
    workers.start();
    for (const key of ["a", "a", "A"]) await (await enqueue({ key })).settled();
    const inOther = await database.transaction((tx) =>
      other.enqueue(tx, { kind: "work", payload: {}, key: "a" }),
    );
    await inOther.settled();
    assert.deepEqual(runs, ["pay", "pay", "order"]);
    await workers.drain(1_000);
    assert.deepEqual(
      (await rowsOf(database)).map(({ queue, uniqueKey }) => [queue, uniqueKey]),
      [
        ["pay", "a"],
        ["pay", "A"],
        ["order", "a"],
      ],
    );
  });

  it("a standing job that was given up or cancelled begins anew, one that waits is left as it is", async (t) => {
    const database = await openJobs(databases);
    const { workers, queue, enqueue } = createProcess(t, database);
    let runs = 0;
    queue.handle("work", async () => {
      runs += 1;
      return { again: 3_600_000 };
    });
    workers.start();
    const stand = () => enqueue({ key: "stand", isStanding: true });
    await (await stand()).settled();
    const kept = async () => (await rowsOf(database)).map(({ state, attempts }) => [state, attempts]);
    await stand();
    for (const [index, state] of [JOB_STATE.dead, JOB_STATE.cancelled].entries()) {
      assert.deepEqual(await kept(), [[JOB_STATE.waiting, index + 1]]);
      await database.query.updateTable("job").set({ state, failures: 3, error: "no" }).execute();
      await enqueue({ key: "stand" });
      assert.equal((await rowsOf(database))[0]?.state, state, "only a standing one");
      await stand();
      await until("it has run again", async () => (await kept())[0]?.[1] === index + 2);
      await until("it waits again", async () => (await rowsOf(database))[0]?.claim === "");
      const [row] = await rowsOf(database);
      assert.deepEqual([row?.state, row?.failures, row?.error], [JOB_STATE.waiting, 0, ""]);
    }
    assert.equal(runs, 3);
  });

  it("of many transactions that enqueue the same key at the same time one does, and all commit", async (t) => {
    const database = await openJobs(databases);
    const { workers, queue, enqueue } = createProcess(t, database);
    let runs = 0;
    queue.handle("work", async () => {
      runs += 1;
    });
    workers.start();
    const tickets = await Promise.all(Array.from({ length: 20 }, () => enqueue({ key: "one" })));
    await Promise.all(tickets.map((ticket) => ticket.settled()));
    assert.deepEqual([runs, (await rowsOf(database)).length], [1, 1]);
  });

  it("what does not fit is refused by name, and what nobody handles is not taken", async (t) => {
    const { queue, enqueue } = createProcess(t, await openJobs(databases));
    queue.handle("work", async () => {});
    await assert.rejects(enqueue({ key: "x".repeat(129) }), { code: "INVALID_ARGUMENT", field: "uniqueKey" });
    const long = { text: "x".repeat(20_000) };
    await assert.rejects(enqueue({ payload: long }), { code: "INVALID_ARGUMENT", field: "payload" });
    // MySQL and SQLite do not agree on whether a space at the end counts.
    await assert.rejects(enqueue({ key: "a " }), { code: "INVALID_ARGUMENT", field: "key" });
    await assert.rejects(enqueue({ kind: "other" }), /no handler for other/);
  });

  it("nothing runs before the start, and then everything does", async (t) => {
    const database = await openJobs(databases);
    const { workers, queue, enqueue } = createProcess(t, database, { Concurrency: 1 });
    const seen: unknown[] = [];
    queue.handle<{ n: number }>("work", async (_call, { n }) => void seen.push(n));
    for (const n of [1, 2, 3]) await (await enqueue({ payload: { n }, delayMs: 4 - n })).settled();
    assert.deepEqual(seen, []);
    workers.start();
    await until("all three are done", () => seen.length === 3);
    assert.deepEqual(seen.toSorted(), [1, 2, 3]);
  });
});
