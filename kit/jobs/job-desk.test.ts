import assert from "node:assert/strict";
import { it, type TestContext } from "node:test";
import { listActs } from "@mall/kit/audit";
import { AppError } from "@mall/kit/errors";
import type { Database } from "@mall/kit/store";
import { forEachDatabase, type TestDatabases, testOperator, until } from "@mall/kit/testing";
import { createJobDesk, JOB_STATE } from "./index.ts";
import { createProcess, openJobs, rowsOf, type TestProcess } from "./test-jobs.ts";

forEachDatabase("jobs: what an operator does", (databases) => {
  it("lists the newest first, by queue, kind and state, page by page", async (t) => {
    const { database, process } = await withJobs(t, databases);
    const desk = createJobDesk(database, testOperator("mall jobs"));
    const keys = async (filter: object) =>
      (await desk.list({ limit: 10, ...filter })).map(({ uniqueKey }) => uniqueKey);
    assert.deepEqual(await keys({}), ["held", "later", "dead", "done"]);
    assert.deepEqual(await keys({ states: [JOB_STATE.done, JOB_STATE.dead] }), ["dead", "done"]);
    assert.deepEqual(await keys({ kind: "failing" }), ["dead"]);
    assert.deepEqual(await keys({ queue: "order" }), []);
    const [, second] = await desk.list({ limit: 2 });
    assert.deepEqual(await keys({ limit: 1, before: second?.id }), ["dead"]);
    await process.enqueue({ kind: "failing@one", key: "own", delayMs: 60_000 });
    assert.deepEqual(await keys({ kind: "failing" }), ["own", "dead"]);
    assert.deepEqual(await keys({ kind: "failing@one" }), ["own"]);
  });

  it("has a dead, a waiting and a cancelled job tried now, as if it had never failed", async (t) => {
    const { database, ids, process } = await withJobs(t, databases);
    await process.workers.drain(0);
    const desk = createJobDesk(database, testOperator("mall jobs"));
    await desk.retry(ids.dead);
    await desk.retry(ids.later);
    for (const id of [ids.dead, ids.later]) {
      const job = await desk.find(id);
      assert.deepEqual([job.state, job.claim, job.failures, job.error], [JOB_STATE.waiting, "", 0, ""]);
      assert.ok(job.dueAt <= database.runtime.now());
    }
    await desk.cancel(ids.later);
    assert.equal((await desk.find(ids.later)).state, JOB_STATE.cancelled);
    await desk.retry(ids.later);
    assert.equal((await desk.find(ids.later)).state, JOB_STATE.waiting);
  });

  it("touches no job that is done or being run, and a cancelled one is not run", async (t) => {
    const { database, ids, process, release } = await withJobs(t, databases);
    const desk = createJobDesk(database, testOperator("mall jobs"));
    for (const change of [desk.retry, desk.cancel]) {
      await assert.rejects(change(ids.done), { code: "FAILED_PRECONDITION", reason: "JOB_DONE" });
      await assert.rejects(change(ids.held), { reason: "JOB_RUNNING" });
      await assert.rejects(change(999), { code: "NOT_FOUND", reason: "JOB_NOT_FOUND" });
    }
    const { id } = (await desk.list({ limit: 1, kind: "held" }))[0] ?? { id: 0 };
    release();
    await until("the held job is done", async () => (await desk.find(id)).state === JOB_STATE.done);
    await process.enqueue({ kind: "failing", key: "cancelled", delayMs: 60_000 });
    const [cancelled] = await desk.list({ limit: 1 });
    await desk.cancel(cancelled?.id ?? 0);
    await assert.rejects(desk.cancel(cancelled?.id ?? 0), { reason: "JOB_CANCELLED" });
    await process.workers.drain(1_000);
    assert.equal((await rowsOf(database)).at(-1)?.attempts, 0);
  });

  it("is written down with what became of the job, and nothing of what is refused", async (t) => {
    const { database, ids, process } = await withJobs(t, databases);
    await process.workers.drain(0);
    await createJobDesk(database, testOperator("mall jobs retry")).retry(ids.dead);
    const desk = createJobDesk(database, testOperator("mall jobs cancel"));
    await desk.cancel(ids.later);
    for (const id of [ids.done, ids.later]) await assert.rejects(desk.cancel(id), AppError);
    const acts = await listActs(database, { limit: 10 });
    const told = acts.map(({ who, role, address, service, operation, subject, stateBefore, stateAfter }) => [
      [who, role, address, service, operation, subject].join(" "),
      [stateBefore, stateAfter].map((state) => JSON.parse(state ?? "null").state),
    ]);
    assert.deepEqual(told, [
      [`os:alice  machine pay mall jobs cancel job/${ids.later}`, [JOB_STATE.waiting, JOB_STATE.cancelled]],
      [`os:alice  machine pay mall jobs retry job/${ids.dead}`, [JOB_STATE.dead, JOB_STATE.waiting]],
    ]);
    assert.match(acts[1]?.stateBefore ?? "", /"failures":1,"error":"/);
  });
});

interface Jobs {
  readonly database: Database;
  readonly process: TestProcess;
  /** Of a job that is done, one that is dead, one for later, and one that is run until `release`. */
  readonly ids: Readonly<Record<"done" | "dead" | "later" | "held", number>>;
  release(): void;
}

async function withJobs(t: TestContext, databases: TestDatabases): Promise<Jobs> {
  const database = await openJobs(databases);
  const process = createProcess(t, database, { Horizon: 0 });
  const gate = Promise.withResolvers<void>();
  process.queue.handle("work", async () => {});
  process.queue.handle("failing", async () => {
    throw new Error("no");
  });
  process.queue.handle("failing@one", async () => {});
  process.queue.handle("held", () => gate.promise);
  process.workers.start();
  await process.enqueue({ key: "done" });
  await process.enqueue({ kind: "failing", key: "dead" });
  await process.enqueue({ key: "later", delayMs: 3_600_000 });
  await process.enqueue({ kind: "held", key: "held" });
  const states = async () => (await rowsOf(database)).map(({ state }) => state);
  await until("one job is done and one is dead", async () =>
    (await states()).slice(0, 2).every((state) => state !== JOB_STATE.waiting),
  );
  const [done = 0, dead = 0, later = 0, held = 0] = (await rowsOf(database)).map(({ id }) => id);
  return { database, process, ids: { done, dead, later, held }, release: gate.resolve };
}
