import assert from "node:assert/strict";
import { it } from "node:test";
import { systemRuntime } from "@mall/kit/context";
import { silentLogger } from "@mall/kit/log";
import { noopObserver } from "@mall/kit/observe";
import { migrateToLatest } from "@mall/kit/store";
import { forEachDatabase } from "@mall/kit/testing";
import { createJobWorkers, jobsMigrations } from "./index.ts";

forEachDatabase("jobs", (databases) => {
  it("a job is tried right after the commit, once for its key, and again after a failure", async () => {
    const database = await databases.open();
    await migrateToLatest(database, jobsMigrations);
    const workers = createJobWorkers({ runtime: systemRuntime, log: silentLogger, observer: noopObserver });
    const queue = workers.open(database, "pay");
    const seen: unknown[] = [];
    const { promise: over, resolve } = Promise.withResolvers<void>();
    queue.handle<{ n: number }>("k", async (_call, { n }, { attempts }) => {
      seen.push([n, attempts]);
      if (n === 2 && attempts < 3) throw new Error("no");
      if (n === 2) resolve();
    });
    workers.start();
    const enqueue = (n: number) => (): Promise<void> =>
      database
        .transaction((tx) => queue.enqueue(tx, { kind: "k", payload: { n }, key: `job-${n}` }))
        .then((ticket) => ticket.settled());
    for (const n of [1, 1, 2]) await enqueue(n)();
    await over;
    assert.deepEqual(seen, [
      [1, 1],
      [2, 1],
      [2, 2],
      [2, 3],
    ]);
    await workers.drain(1_000);
    const rows = await database.read({ sql: "SELECT state, claim FROM job", parameters: [] });
    assert.deepEqual(
      rows.map(({ state, claim }) => [Number(state), claim]),
      [
        [1, ""],
        [1, ""],
      ],
    );
  });
});
