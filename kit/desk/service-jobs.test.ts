import assert from "node:assert/strict";
import { before, it } from "node:test";
import { auditMigrations } from "@mall/kit/audit";
import { ROLE } from "@mall/kit/auth";
import { Call } from "@mall/kit/call";
import { createIdempotency, idempotencyMigrations } from "@mall/kit/idempotency";
import { createJobView, JOB_STATE, jobsMigrations } from "@mall/kit/jobs";
import { type Database, migrateToLatest } from "@mall/kit/store";
import { forEachDatabase } from "@mall/kit/testing";
import { createServiceActs, createServiceJobs, type ServiceJobs } from "./index.ts";

const ACTOR = { who: "user:7", role: ROLE.admin, address: "203.0.113.9" };
const DUE_AT = Date.UTC(2040, 0, 1);
const NEW = { queue: "pay", kind: "work", payload: '{"id":1}', due_at: DUE_AT, created_at: 1_500 };

forEachDatabase("the jobs of a service", (databases) => {
  let database: Database;
  let jobs: ServiceJobs;
  before(async () => {
    database = await databases.open();
    for (const set of [jobsMigrations, auditMigrations, idempotencyMigrations]) {
      await migrateToLatest(database, set);
    }
    jobs = createServiceJobs({ database, idempotency: createIdempotency(database) }, "pay");
  });

  let added = 0;
  /** A row as the workers write it, some of its columns given. */
  const add = async (job: object): Promise<number> => {
    added += 1;
    await database.transaction((tx) =>
      tx.query
        .insertInto("job")
        .values({ unique_key: `key ${added}`, ...NEW, ...job })
        .execute(),
    );
    const [newest] = await createJobView(database).findMany((query) => query.orderBy("id", "desc").limit(1));
    return newest?.id ?? 0;
  };
  const staff = (method: string, key?: string): Call =>
    new Call({
      method: `/pay.Pay/${method}`,
      actor: ACTOR,
      idempotency: key === undefined ? undefined : { key, owner: ACTOR.who },
    });
  const found = async (filter: object): Promise<number[]> =>
    (await jobs.list({ before: 0, limit: 0, ...filter })).jobs.map(({ id }) => id);

  it("are listed by kind, key and state, the newest first, without those of other services", async () => {
    const kind = "listed";
    const done = await add({ kind, state: JOB_STATE.done });
    const dead = await add({ kind, unique_key: "order-4", state: JOB_STATE.dead, error: "no" });
    const foreign = await add({ kind, queue: "order", state: JOB_STATE.dead });
    const waiting = await add({ kind });
    assert.deepEqual(await found({ kind }), [waiting, dead, done]);
    assert.deepEqual(await found({ kind, state: JOB_STATE.dead }), [dead]);
    assert.deepEqual(await found({ kind, state: JOB_STATE.done }), [done]);
    assert.deepEqual(await found({ key: "order-4" }), [dead]);
    assert.deepEqual(await found({ key: "order-4", state: JOB_STATE.done }), []);
    const first = await jobs.list({ kind, before: 0, limit: 2 });
    assert.deepEqual([first.jobs.map(({ payload }) => payload), first.next], [["", ""], dead]);
    assert.deepEqual(await found({ kind, before: first.next }), [done]);
    await assert.rejects(jobs.detail({ id: foreign }), { reason: "JOB_NOT_FOUND" });
    await assert.rejects(jobs.list({ before: 0, limit: 501 }), { field: "limit" });
  });

  it("are of a kind also in a place of its own", async () => {
    const [plain, own] = [await add({ kind: "lane_d" }), await add({ kind: "lane_d@alipay" })];
    for (const kind of ["lane_dx", "laneXd@alipay", "lane"]) await add({ kind });
    assert.deepEqual(await found({ kind: "lane_d" }), [own, plain]);
    assert.deepEqual(await found({ kind: "lane_d@alipay" }), [own]);
  });

  it("are told with all that is known, and whether somebody runs them", async () => {
    const failed = {
      unique_key: "order-5",
      attempts: 3,
      failures: 2,
      failing_since: 2_999,
      error: "no answer",
    };
    const id = await add({ ...failed, claim: "somebody" });
    assert.deepEqual(await jobs.detail({ id }), {
      ...{ id, kind: "work", key: "order-5", state: 0, running: true, dueTime: DUE_AT / 1000 },
      ...{
        attempts: 3,
        failures: 2,
        failingSince: 2,
        error: "no answer",
        createTime: 1,
        payload: '{"id":1}',
      },
    });
    for (const act of [jobs.retry, jobs.cancel]) {
      await assert.rejects(act(staff("JobRetry"), { id }), { reason: "JOB_RUNNING" });
    }
  });

  it("are tried again and given up, once for a key, and both are written down", async () => {
    const id = await add({ state: JOB_STATE.dead, failures: 3, error: "no" });
    for (const _ of [1, 2]) await jobs.retry(staff("JobRetry", "again"), { id });
    const { state, error, dueTime } = await jobs.detail({ id });
    assert.deepEqual([state, error, dueTime * 1000 <= database.runtime.now()], [JOB_STATE.waiting, "", true]);
    for (const _ of [1, 2]) await jobs.cancel(staff("JobCancel", "no more"), { id });
    assert.equal((await jobs.detail({ id })).state, JOB_STATE.cancelled);
    await assert.rejects(jobs.cancel(staff("JobCancel"), { id }), { reason: "JOB_CANCELLED" });
    await assert.rejects(jobs.retry(staff("JobRetry"), { id: id + 1 }), {
      reason: "JOB_NOT_FOUND",
    });
    const acts = createServiceActs(database, "pay");
    const { entries } = await acts.list({ subject: `job/${id}`, before: 0, limit: 0 });
    assert.deepEqual(
      entries.map(({ who, operation, stateBefore, stateAfter }) => [
        `${who} ${operation}`,
        JSON.parse(stateBefore).state,
        JSON.parse(stateAfter).state,
      ]),
      [
        ["user:7 /pay.Pay/JobCancel", JOB_STATE.waiting, JOB_STATE.cancelled],
        ["user:7 /pay.Pay/JobRetry", JOB_STATE.dead, JOB_STATE.waiting],
      ],
    );
  });

  it("of another service are touched by nobody", async () => {
    const id = await add({ queue: "order", state: JOB_STATE.dead });
    for (const act of [jobs.retry, jobs.cancel]) {
      await assert.rejects(act(staff("JobRetry"), { id }), { code: "NOT_FOUND", reason: "JOB_NOT_FOUND" });
    }
    const row = await createJobView(database).findOne(id);
    assert.equal(row?.state, JOB_STATE.dead);
  });
});
