import assert from "node:assert/strict";
import { before, it } from "node:test";
import { backgroundCall } from "@mall/kit/call";
import { sagaConfig } from "@mall/kit/config";
import { AppError } from "@mall/kit/errors";
import { silentLogger } from "@mall/kit/log";
import type { Database, RowTransaction } from "@mall/kit/store";
import { forEachDatabase, useSamples } from "@mall/kit/testing";
import { createCoordinator } from "./coordinator.ts";
import type { Saga } from "./saga.ts";
import { startProcess } from "./test-shop.ts";

type Order = { shelf: number; name: string };
type Answer = { id: number };

const nothingThere = new AppError("NOT_FOUND", "SHELF_EMPTY", "nothing is there");
const outage = new AppError("UNAVAILABLE", "NOBODY", "nobody answers");

forEachDatabase("sagas that are decided at once", (databases) => {
  const use = useSamples(databases);
  let database: Database;
  let orders: Saga<Order, Answer>;

  before(async () => {
    database = use().database;
    const { jobs } = await startProcess(database);
    const config = sagaConfig.parse({});
    const coordinator = createCoordinator({ database, jobs, log: silentLogger, config });
    const never = async (): Promise<void> => assert.fail("a saga that is decided at once calls nobody");
    const take = async (tx: RowTransaction, { shelf, name }: Order): Promise<void> => {
      if (name === "outage") throw outage;
      const isTaken = await use().samples.decrease(shelf, { property: "balance", amount: 1 }, { tx });
      if (!isTaken) throw nothingThere;
    };
    orders = coordinator.define({
      kind: "at-once",
      isAtOnce: true,
      step: (order: Order) => ({
        action: { call: never, within: take },
        compensate: { call: never },
        request: order,
      }),
      succeed: async (tx, { payload: { shelf, name } }) => ({
        id: await use().samples.insert({ name, owner: shelf }, tx),
      }),
      fail: async (tx, { payload: { name } }, { reason }) => {
        await use().samples.insert({ name: `${name} refused`, note: reason }, tx);
      },
    });
  });

  const call = () => backgroundCall();
  const noteOf = async (name: string) =>
    (await use().samples.findMany((query) => query.where("name", "=", name)))[0];
  const run = (gid: string, payload: Order) => orders.run(call(), { gid, payload });
  const balanceOf = async (id: number) => (await use().samples.findOne(id))?.balance;

  it("do their step and their end in one transaction, of which no row of a saga or job is left", async () => {
    const shelf = await use().samples.insert({ balance: 1 });
    const result = await run("whole-1", { shelf, name: "bought" });
    const bought = await noteOf("bought");
    assert.deepEqual(result, { outcome: "succeeded", answer: { id: bought?.id } });
    assert.equal(await balanceOf(shelf), 0);
    for (const table of ["saga", "job"]) {
      assert.deepEqual(await database.read({ sql: `SELECT id FROM ${table}`, parameters: [] }), []);
    }
  });

  it("end refused where a step refuses, as its coordinator is told by calls, and write that down alone", async () => {
    const shelf = await use().samples.insert({ balance: 0 });
    const result = await run("whole-2", { shelf, name: "late" });
    assert.equal(result.outcome, "failed");
    assert.ok(result.outcome === "failed" && result.error.reason === "SHELF_EMPTY");
    assert.equal(result.error.code, "ABORTED");
    assert.equal(await noteOf("late"), undefined);
    assert.equal((await noteOf("late refused"))?.note, "SHELF_EMPTY");
  });

  it("leave nothing where a step or their end fails, and say why", async () => {
    const shelf = await use().samples.insert({ balance: 5 });
    await assert.rejects(run("whole-3", { shelf, name: "outage" }), outage);
    await assert.rejects(run("whole-4", { shelf, name: "x".repeat(21) }), { reason: "INVALID_FIELD" });
    assert.equal(await balanceOf(shelf), 5);
    assert.equal(await noteOf("outage refused"), undefined);
  });

  it("begin with what their caller does first, also where they are refused", async () => {
    const shelf = await use().samples.insert({ balance: 1 });
    const begin = (name: string) => async (tx: RowTransaction) => {
      await use().samples.insert({ name }, tx);
    };
    const good = { gid: "whole-5", payload: { shelf, name: "kept" }, start: begin("key of kept") };
    const bad = { gid: "whole-6", payload: { shelf, name: "lost" }, start: begin("key of lost") };
    assert.equal((await orders.run(call(), good)).outcome, "succeeded");
    assert.equal((await orders.run(call(), bad)).outcome, "failed");
    assert.ok(await noteOf("key of kept"));
    assert.ok(await noteOf("key of lost"));
  });

  it("take no more than there is, however many ask at once", async () => {
    const shelf = await use().samples.insert({ balance: 7 });
    const results = await Promise.all(
      Array.from({ length: 30 }, (_, index) => run(`rush-${index}`, { shelf, name: `rush ${index}` })),
    );
    assert.equal(results.filter(({ outcome }) => outcome === "succeeded").length, 7);
    assert.equal(await balanceOf(shelf), 0);
    const rows = await use().samples.findMany((query) => query.where("owner", "=", shelf));
    assert.equal(rows.length, 7);
  });
});
