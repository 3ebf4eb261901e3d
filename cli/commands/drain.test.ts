import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { Call } from "@mall/kit/call";
import { jobsConfig, sagaConfig } from "@mall/kit/config";
import { AppError } from "@mall/kit/errors";
import {
  createJobWorkers,
  type JobOutcome,
  type JobQueue,
  type JobWorkers,
  jobsMigrations,
} from "@mall/kit/jobs";
import { silentLogger } from "@mall/kit/log";
import { noopObserver } from "@mall/kit/observe";
import { systemRuntime } from "@mall/kit/runtime";
import { createCoordinator, sagaMigrations } from "@mall/kit/saga";
import { type Database, migrateToLatest, openDatabase } from "@mall/kit/store";
import { type RunningCommand, runMall, startCommand } from "../testing/run-mall.ts";
import { testFolder } from "../testing/test-mall.ts";

/** A process whose job waits until the test lets it go on. */
interface BusyMall {
  readonly flags: readonly string[];
  readonly folder: string;
  readonly database: Database;
  readonly queue: JobQueue;
  readonly workers: JobWorkers;
  /** Ends the job that goes on. */
  letGo(): void;
}

async function startBusyMall(t: TestContext): Promise<BusyMall> {
  const folder = testFolder(t);
  const dataSource = `sqlite:${join(folder, "mall.db")}`;
  const database = await openDatabase({ dataSource, runtime: systemRuntime });
  for (const set of [jobsMigrations, sagaMigrations]) await migrateToLatest(database, set);
  const config = jobsConfig.parse({ Horizon: "0" });
  const workers = createJobWorkers({
    runtime: systemRuntime,
    log: silentLogger,
    observer: noopObserver,
    config,
  });
  const queue = workers.open(database, "order");
  const { promise: gone, resolve: letGo } = Promise.withResolvers<void>();
  queue.handle("order.release", async () => {
    await gone;
  });
  queue.handle("order.expire", (): Promise<JobOutcome> => Promise.resolve({ again: 60_000 }));
  queue.handle(
    "order.spoilt",
    (): Promise<void> => Promise.reject(new AppError("ABORTED", "SPOILT", "spoilt")),
  );
  t.after(async () => {
    letGo();
    await workers.drain(1000);
    await database.close();
  });
  const flags = ["drain", "--data-source", dataSource];
  return { flags, folder, database, queue, workers, letGo };
}

function start({ flags, folder }: BusyMall, ...args: string[]): RunningCommand {
  return startCommand([...flags, ...args], { cwd: folder });
}

describe("mall drain", { concurrency: 2, timeout: 300_000 }, () => {
  test("is done only when the last job is, and not kept from it by what comes again for ever", async (t) => {
    const mall = await startBusyMall(t);
    mall.workers.start();
    await mall.database.transaction(async (tx) => {
      await mall.queue.enqueue(tx, { kind: "order.expire", key: "order.expire", payload: {} });
      await mall.queue.enqueue(tx, { kind: "order.release", payload: {} });
    });
    const draining = start(mall);
    await draining.output("stdout", /open: 1 job \(order\.release 1\)/);
    assert.equal(draining.process.exitCode, null);
    mall.letGo();
    const { code, stdout } = await draining.finished;
    assert.equal(code, 0);
    assert.match(stdout, /\ndrained: no job and no saga is open\n$/);
  });

  test("tells of work that begins meanwhile, and with --quiet waits until none does", async (t) => {
    const mall = await startBusyMall(t);
    mall.workers.start();
    const job = { kind: "order.release", payload: {} };
    const begin = () => mall.database.transaction((tx) => mall.queue.enqueue(tx, job));
    await begin();
    const draining = start(mall, "--quiet", "1s");
    await draining.output("stdout", /open: 1 job \(order\.release 1\)/);
    await begin();
    await draining.output("stdout", /open: 2 jobs \(order\.release 2\)/);
    mall.letGo();
    await draining.output("stdout", /open: nothing; it is not quiet yet/);
    const { code, stdout } = await draining.finished;
    assert.equal(code, 0);
    assert.match(stdout, /\nnote: a job has begun meanwhile, and more may: .*\ndrained: no job .*\n$/);
    const loud = await start(mall, "--quiet", "1h", "--timeout", "1s").finished;
    assert.equal(loud.code, 1);
    assert.match(loud.stderr, /^mall: not drained: nothing is left, but it was not waited for/);
  });

  test("ends with 1 and says what is left where that takes too long, or was given up", async (t) => {
    const mall = await startBusyMall(t);
    mall.workers.start();
    const job = { kind: "order.spoilt", payload: {} };
    await (await mall.database.transaction((tx) => mall.queue.enqueue(tx, job))).settled();
    const { code, stdout, stderr } = await start(mall, "--timeout", "1s").finished;
    assert.equal(code, 1);
    assert.match(stdout, /open: 1 job \(order\.spoilt 1 dead\); dead ones wait for you: mall jobs list/);
    assert.match(stderr, /^mall: not drained: 1 job \(order\.spoilt 1 dead\) are left/);
    assert.doesNotMatch(stdout, /drained: no/);
  });

  test("waits for a saga that goes on", async (t) => {
    const mall = await startBusyMall(t);
    const { database, queue: jobs } = mall;
    const coordinator = createCoordinator({
      database,
      jobs,
      log: silentLogger,
      config: sagaConfig.parse({}),
    });
    const silent = () => Promise.reject(new AppError("UNAVAILABLE", "UNAVAILABLE", "service unavailable"));
    const step = { action: { call: silent }, compensate: { call: silent }, request: {} };
    const saga = coordinator.define({
      kind: "order.create",
      step: () => step,
      succeed: async () => ({}),
      fail: async () => {},
    });
    mall.workers.start();
    const call = new Call({ deadline: Date.now() + 50 });
    assert.equal((await saga.run(call, { gid: "g", payload: {} })).outcome, "unknown");
    const { code, stderr } = await start(mall, "--timeout", "1s").finished;
    assert.equal(code, 1);
    assert.match(stderr, /1 saga \(order\.create 1\)/);
  });

  test("asks for tables of this version, and names its options", async (t) => {
    const folder = testFolder(t);
    const database = await openDatabase({
      dataSource: `sqlite:${join(folder, "m.db")}`,
      runtime: systemRuntime,
    });
    await database.close();
    const old = await runMall(["drain", "--data-source", `sqlite:${join(folder, "m.db")}`], { cwd: folder });
    assert.equal(old.code, 1);
    assert.match(old.stderr, /run `mall migrate`/);
    assert.equal((await runMall(["drain", "--timeout", "soon"], { cwd: folder })).code, 2);
  });
});
