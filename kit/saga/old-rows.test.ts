import assert from "node:assert/strict";
import { test } from "node:test";
import { backgroundCall } from "@mall/kit/call";
import { sagaConfig } from "@mall/kit/config";
import { AppError } from "@mall/kit/errors";
import { silentLogger } from "@mall/kit/log";
import type { Database } from "@mall/kit/store";
import { createShiftedRuntime, forEachDatabase } from "@mall/kit/testing";
import { createBarrier } from "./barrier.ts";
import { createCoordinator } from "./coordinator.ts";
import { createSagaStore } from "./saga-store.ts";
import { startProcess } from "./test-shop.ts";

const CONFIG = sagaConfig.parse({});
const DAY_MS = 86_400_000;
/** More than are written before old ones are looked for. */
const MANY = 70;

forEachDatabase("what is left of sagas", (databases) => {
  const gidsOf = async (database: Database, table: "saga" | "barrier"): Promise<string[]> => {
    const rows = await database.read({ sql: `SELECT gid FROM ${table} ORDER BY gid`, parameters: [] });
    return rows.map(({ gid }) => String(gid));
  };

  /** As if the last word of these sagas had come so many days ago. */
  const age = async (database: Database, gids: string, days: number): Promise<void> => {
    const time = database.wallTimes.toText(new Date(Date.now() - days * DAY_MS));
    const parameters = [time, gids];
    await database.write({ sql: "UPDATE saga SET update_time = ? WHERE gid LIKE ?", parameters });
  };

  test("of barriers goes after its retention, but for sagas that go on, however many branches come", async (t) => {
    const runtime = createShiftedRuntime();
    const database = await databases.open({ runtime });
    t.after((await startProcess(database)).stop);
    const barrier = createBarrier(database, CONFIG);
    const run = (gid: string): Promise<boolean> =>
      database.transaction((tx) =>
        barrier.run(tx, { gid, transType: "saga", branchId: "01", op: "action" }, async () => {}),
      );
    const store = createSagaStore(database);
    await database.transaction((tx) => store.insert(tx, { gid: "open", kind: "k", payload: "{}" }));
    await Promise.all(Array.from({ length: MANY }, (_, index) => run(`old-${index}`)));
    await run("open");
    runtime.shift(89 * DAY_MS);
    await Promise.all(Array.from({ length: MANY }, (_, index) => run(`young-${index}`)));
    assert.equal(await run("old-0"), false, "a branch that comes again after 89 days is known");
    assert.equal((await gidsOf(database, "barrier")).length, 2 * MANY + 1);
    runtime.shift(2 * DAY_MS);
    await Promise.all(Array.from({ length: MANY }, (_, index) => run(`new-${index}`)));
    const left = await gidsOf(database, "barrier");
    assert.deepEqual(
      left.filter((gid) => !/^(young|new)-/.test(gid)),
      ["open"],
    );
    assert.equal(left.length, 2 * MANY + 1);
    assert.equal(await run("open"), false);
  });

  test("of sagas goes after its retention, those that go on stay", async (t) => {
    const database = await databases.open();
    const process = await startProcess(database);
    t.after(process.stop);
    const coordinator = createCoordinator({
      database,
      jobs: process.jobs,
      log: silentLogger,
      config: CONFIG,
    });
    const branch = { call: async () => {} };
    const refusing = { call: () => Promise.reject(new AppError("ABORTED", "NO", "no")) };
    const saga = coordinator.define({
      kind: "sample",
      step: ({ fails }: { fails: boolean }) => ({
        action: fails ? refusing : branch,
        compensate: branch,
        request: {},
      }),
      succeed: async () => ({}),
      fail: async () => {},
    });
    process.start();
    const runMany = (name: string) =>
      Promise.all(
        Array.from({ length: MANY }, (_, index) =>
          saga.run(backgroundCall(), { gid: `${name}-${index}`, payload: { fails: index % 2 === 1 } }),
        ),
      );
    const store = createSagaStore(database);
    await database.transaction((tx) => store.insert(tx, { gid: "open", kind: "sample", payload: "{}" }));
    await runMany("old");
    await runMany("young");
    await age(database, "old-%", 91);
    await age(database, "open", 91);
    await age(database, "young-%", 89);
    await runMany("new");
    const left = await gidsOf(database, "saga");
    assert.deepEqual(
      left.filter((gid) => !/^(young|new)-/.test(gid)),
      ["open"],
    );
    assert.equal(left.length, 2 * MANY + 1);
  });

  test("a retention that a repeated branch could outlive is refused", () => {
    assert.throws(() => sagaConfig.parse({ Retention: "720h" }), /at least 1440h/);
  });
});
