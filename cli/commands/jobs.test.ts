import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { auditMigrations } from "@mall/kit/audit";
import { jobsConfig } from "@mall/kit/config";
import { AppError } from "@mall/kit/errors";
import { createJobWorkers, jobsMigrations } from "@mall/kit/jobs";
import { silentLogger } from "@mall/kit/log";
import { noopObserver } from "@mall/kit/observe";
import { systemRuntime } from "@mall/kit/runtime";
import { migrateToLatest, openDatabase } from "@mall/kit/store";
import { type Finished, runMall } from "../testing/run-mall.ts";
import { testFolder } from "../testing/test-mall.ts";

/** A database with one job that is done (1), one that is dead (2) and one that waits (3), and the command on it. */
async function withJobs(t: TestContext): Promise<(...args: string[]) => Promise<Finished>> {
  const folder = testFolder(t);
  const dataSource = `sqlite:${join(folder, "mall.db")}`;
  const database = await openDatabase({ dataSource, runtime: systemRuntime });
  for (const set of [jobsMigrations, auditMigrations]) await migrateToLatest(database, set);
  const config = jobsConfig.parse({ Horizon: "0" });
  const workers = createJobWorkers({
    runtime: systemRuntime,
    log: silentLogger,
    observer: noopObserver,
    config,
  });
  const queue = workers.open(database, "pay");
  queue.handle<{ reason: string }>("pay.order-paid", async (_call, { reason }) => {
    if (reason !== "") throw new AppError("FAILED_PRECONDITION", "ORDER_GONE", reason);
  });
  workers.start();
  for (const [reason, delayMs] of [
    ["", 0],
    ["the order is gone", 0],
    ["", 3_600_000],
  ] as const) {
    const job = { kind: "pay.order-paid", payload: { reason }, delayMs };
    await (await database.transaction((tx) => queue.enqueue(tx, job))).settled();
  }
  await workers.drain(1_000);
  await database.close();
  return (...args) => runMall(["jobs", ...args, "--data-source", dataSource], { cwd: folder });
}

describe("mall jobs", { concurrency: 3, timeout: 120_000 }, () => {
  test("lists what waits and what is dead, and all of one", async (t) => {
    const jobs = await withJobs(t);
    const { stdout } = await jobs("list");
    const [heading = "", ...lines] = stdout.trimEnd().split("\n");
    assert.match(heading, /^ID {2}QUEUE {2}KIND +STATE +ATTEMPTS +WHEN +ERROR$/);
    assert.equal(lines.length, 2);
    assert.match(lines[0] ?? "", /^3 +pay +pay\.order-paid +waiting +0 +20\S+Z$/);
    assert.match(lines[1] ?? "", /^2 +pay +pay\.order-paid +dead +1 +20\S+Z +ORDER_GONE: the order is gone$/);
    assert.match((await jobs("list", "--state", "done", "--queue", "pay")).stdout, /\n1 +pay /);
    const shown = await jobs("show", "2");
    assert.match(shown.stdout, /^payload +\{"reason":"the order is gone"\}$/m);
    assert.match(shown.stdout, /^failures +1 since 20\S+Z$/m);
  });

  test("makes jobs due now or gives them up, and says which it could not", async (t) => {
    const jobs = await withJobs(t);
    const retried = await jobs("retry", "1", "2", "99");
    assert.deepEqual(
      [retried.code, retried.stdout, retried.stderr],
      [1, "job 2 is due now\n", "mall: job 1 is done\nmall: there is no job 99\n"],
    );
    assert.equal((await jobs("cancel", "2", "3")).stdout, "job 2 is cancelled\njob 3 is cancelled\n");
  });

  test("retries all that are dead, and wants to be told which jobs", async (t) => {
    const jobs = await withJobs(t);
    for (const args of [["retry"], ["retry", "1", "--kind", "x"], ["show", "one"]]) {
      assert.equal((await jobs(...args)).code, 2, args.join(" "));
    }
    assert.equal((await jobs("retry", "--dead", "--kind", "pay.order-paid")).stdout, "job 2 is due now\n");
  });
});
