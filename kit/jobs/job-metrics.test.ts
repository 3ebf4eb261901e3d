import assert from "node:assert/strict";
import { it } from "node:test";
import { jobsConfig, serviceConfig } from "@mall/kit/config";
import { silentLogger } from "@mall/kit/log";
import { startObservability } from "@mall/kit/observe";
import { createShiftedRuntime, forEachDatabase } from "@mall/kit/testing";
import { createJobWorkers } from "./index.ts";
import { createLosable, openJobs } from "./test-jobs.ts";

forEachDatabase("jobs: metrics", (databases) => {
  it("tell by queue and kind what waits, what is dead, how old and how overdue it is, and how attempts ended", async (t) => {
    const runtime = createShiftedRuntime();
    const losable = createLosable(await openJobs(databases, { runtime }));
    const { database } = losable;
    const config = serviceConfig.parse({ Name: "pay.rpc", DevServer: { Host: "127.0.0.1", Port: 0 } });
    const shown = await startObservability({ config, runtime, log: silentLogger, accessLog: false });
    t.after(() => shown.stop());
    const { observer } = shown;
    const options = {
      runtime,
      log: silentLogger,
      observer,
      config: jobsConfig.parse({ Interval: "10ms", Horizon: "0" }),
    };
    const workers = createJobWorkers(options);
    const [pay, order] = [workers.open(database, "pay"), workers.open(database, "order")];
    pay.handle("work", async () => {});
    order.handle("failing", async () => {
      throw new Error("no");
    });
    workers.start();
    await database.transaction((tx) => order.enqueue(tx, { kind: "failing", payload: {} }));
    await database.transaction((tx) => pay.enqueue(tx, { kind: "work", payload: {}, delayMs: 60_000 }));
    await workers.drain(1_000);
    runtime.shift(90_000);
    const figures = async (): Promise<string[]> => {
      const text = await (await fetch(`${shown.addresses.at(-1)?.url}/metrics`)).text();
      return text.split("\n").filter((line) => line.startsWith("mall_jobs_"));
    };
    const lines = await figures();
    const figureOf = (series: string): number =>
      Number(
        lines
          .find((line) => line.startsWith(series))
          ?.split(" ")
          .at(-1),
      );
    const work = '{queue="pay",kind="work"}';
    const failing = '{queue="order",kind="failing"}';
    assert.equal(figureOf(`mall_jobs_waiting${work}`), 1);
    assert.equal(figureOf(`mall_jobs_waiting${failing}`), 0);
    assert.equal(figureOf(`mall_jobs_dead${failing}`), 1);
    const age = figureOf(`mall_jobs_oldest_age_seconds${work}`);
    assert.ok(age >= 90 && age < 120, `${age}`);
    const overdue = figureOf(`mall_jobs_overdue_seconds${work}`);
    assert.ok(overdue >= 30 && overdue < 60, `${overdue}`);
    assert.equal(figureOf('mall_jobs_attempts_total{queue="order",kind="failing",outcome="dead"}'), 1);

    // A database that is away takes the gauges with it, and no other figure; rows are counted every five seconds.
    losable.isLost = true;
    runtime.shift(5_000);
    const without = await figures();
    assert.ok(!without.some((line) => line.startsWith("mall_jobs_waiting")));
    assert.ok(without.some((line) => line.startsWith("mall_jobs_attempts_total")));
  });
});
