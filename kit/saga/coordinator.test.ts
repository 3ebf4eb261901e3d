import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { after, before, test } from "node:test";
import { backgroundCall, Call } from "@mall/kit/call";
import { sagaConfig } from "@mall/kit/config";
import { AppError } from "@mall/kit/errors";
import { JOB_STATE } from "@mall/kit/jobs";
import { silentLogger } from "@mall/kit/log";
import { METHOD_MISSING } from "@mall/kit/resilience";
import { systemRuntime } from "@mall/kit/runtime";
import { type Database, DuplicateKeyError, openDatabase, type RowTransaction } from "@mall/kit/store";
import { forEachDatabase, until } from "@mall/kit/testing";
import { createCoordinator } from "./coordinator.ts";
import type { Saga, SagaResult } from "./saga.ts";
import { Shelf, startProcess, type TestProcess } from "./test-shop.ts";

type Order = { shelf: string; num: number };
type Answer = { id: number };

const refused = new AppError("ABORTED", "OUT_OF_STOCK", "库存不足");
const missing = new AppError("UNIMPLEMENTED", METHOD_MISSING, "shop.Shelf has no method Take");
const silent = new AppError("DEADLINE_EXCEEDED", "DEADLINE_EXCEEDED", "context deadline exceeded");

forEachDatabase("sagas", (databases) => {
  let database: Database;
  let process: TestProcess;
  let orders: Saga<Order, Answer>;
  const shelves = new Map<string, Shelf>();
  const ends: string[] = [];
  const ended = new EventEmitter();
  /** How often the end of a saga fails. */
  const failingEnds = new Map<string, number>();
  let dataSource: string;

  const tellEnd = (tx: RowTransaction, gid: string, text: string): void =>
    tx.afterEnd(async (end) => {
      if (end !== "committed") return;
      ends.push(text);
      ended.emit(gid);
    });

  /** A process with the definition of these tests' sagas. */
  const place = async (
    name: string,
    own: Database,
  ): Promise<{ process: TestProcess; orders: Saga<Order, Answer> }> => {
    const placed = await startProcess(own);
    const coordinator = createCoordinator({
      database: own,
      jobs: placed.jobs,
      log: silentLogger,
      config: sagaConfig.parse({}),
    });
    const saga = coordinator.define({
      kind: "order",
      step: ({ shelf, num }: Order) => {
        const { take, putBack } = shelves.get(shelf) ?? assert.fail(shelf);
        return { action: take, compensate: putBack, request: { shelf, num } };
      },
      succeed: async (tx, { gid, payload }): Promise<Answer> => {
        const fails = failingEnds.get(gid) ?? 0;
        failingEnds.set(gid, fails - 1);
        if (fails > 0) throw new Error("disk full");
        tellEnd(tx, gid, `${gid} succeeded in ${name}`);
        return { id: payload.num };
      },
      fail: async (tx, { gid }, error) => tellEnd(tx, gid, `${gid} failed in ${name}: ${error.reason}`),
    });
    return { process: placed, orders: saga };
  };

  before(async () => {
    dataSource = await databases.createDataSource();
    database = await databases.open({ dataSource });
    ({ process, orders } = await place("a", database));
    process.start();
  });

  after(() => process.stop());

  const stock = (name: string): Shelf => {
    const shelf = new Shelf(database, name, 10);
    shelves.set(name, shelf);
    return shelf;
  };

  const run = (gid: string, shelf: string, call = backgroundCall()): Promise<SagaResult<Answer>> =>
    orders.run(call, { gid, payload: { shelf, num: 2 } });

  const stateOf = async (gid: string): Promise<number> => {
    const [row] = await database.read({ sql: "SELECT state FROM saga WHERE gid = ?", parameters: [gid] });
    return Number(row?.state);
  };

  /** What the job of a saga says. */
  const jobOf = async (gid: string): Promise<{ state: number; attempts: number }> => {
    const sql = "SELECT state, attempts FROM job WHERE payload = ?";
    const [row] = await database.read({ sql, parameters: [JSON.stringify({ gid })] });
    return { state: Number(row?.state), attempts: Number(row?.attempts) };
  };

  const endsOf = (gid: string): string[] => ends.filter((end) => end.startsWith(`${gid} `));

  test("the step is done, then the service's own part, and the caller gets its answer", async () => {
    const shelf = stock("s1");
    assert.deepEqual(await run("success", "s1"), { outcome: "succeeded", answer: { id: 2 } });
    assert.equal(shelf.pieces, 8);
    assert.deepEqual(shelf.asked, ["01 action"]);
    assert.deepEqual(endsOf("success"), ["success succeeded in a"]);
  });

  test("who learns how a saga ended finds its job done: both are written by one transaction", async () => {
    const [full, empty] = [stock("j1"), stock("j2")];
    empty.before.set("action", () => Promise.reject(refused));
    await run("went forward", "j1");
    assert.deepEqual(await jobOf("went forward"), { state: JOB_STATE.done, attempts: 1 });
    await run("went back", "j2");
    assert.deepEqual(await jobOf("went back"), { state: JOB_STATE.done, attempts: 1 });
    assert.deepEqual([full.pieces, empty.pieces], [8, 10]);
  });

  test("an attempt that outlived its job's lease ends the saga all the same, and the next finds it ended", async () => {
    const one = stock("l1");
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const bothGoOn = Promise.withResolvers<void>();
    one.before.set("action", async (attempt) => {
      if (attempt === 2) bothGoOn.resolve();
      await (attempt === 1 ? first : second).promise;
    });
    const running = run("outlived", "l1");
    await bothGoOn.promise;
    // From here on the job is the second's, which waits.
    first.resolve();
    assert.deepEqual(await running, { outcome: "succeeded", answer: { id: 2 } });
    second.resolve();
    await until("its job is done", async () => (await jobOf("outlived")).state === JOB_STATE.done);
    assert.equal(one.pieces, 8);
    assert.deepEqual(endsOf("outlived"), ["outlived succeeded in a"]);
  });

  test("a step that is refused is taken back, and the caller learns why", async () => {
    const shelf = stock("r1");
    shelf.before.set("action", () => Promise.reject(refused));
    const result = await run("refused", "r1");
    assert.ok(result.outcome === "failed");
    const { code, reason, message } = result.error;
    assert.deepEqual([code, reason, message], ["ABORTED", "OUT_OF_STOCK", "库存不足"]);
    assert.equal(shelf.pieces, 10);
    assert.deepEqual(shelf.asked, ["01 action", "01 compensate"]);
    assert.deepEqual(endsOf("refused"), ["refused failed in a: OUT_OF_STOCK"]);
  });

  test("a step that the peer has no method for ends the saga at once, and is not asked to take it back", async () => {
    const shelf = stock("m1");
    for (const op of ["action", "compensate"]) shelf.before.set(op, () => Promise.reject(missing));
    const result = await run("missing", "m1");
    assert.ok(result.outcome === "failed");
    assert.deepEqual([result.error.code, result.error.reason], ["UNIMPLEMENTED", METHOD_MISSING]);
    assert.equal(shelf.pieces, 10);
    assert.deepEqual(shelf.asked, ["01 action"]);
    assert.deepEqual(endsOf("missing"), [`missing failed in a: ${METHOD_MISSING}`]);
  });

  test("a step that a peer may have done before another one without the method came is taken back", async () => {
    const one = stock("p1");
    one.after.set("action", async (attempt) => {
      if (attempt === 1) throw silent;
    });
    one.before.set("action", async (attempt) => {
      if (attempt > 1) throw missing;
    });
    one.before.set("compensate", async (attempt) => {
      if (attempt < 3) throw missing;
    });
    assert.equal((await run("replaced", "p1")).outcome, "failed");
    assert.equal(one.pieces, 10);
    assert.deepEqual(endsOf("replaced"), [`replaced failed in a: ${METHOD_MISSING}`]);
  });

  test("an answer that is neither yes nor no is asked for again and never taken back", async () => {
    const one = stock("u1");
    // The second attempt was done, but its answer was lost.
    one.before.set("action", async (attempt) => {
      if (attempt === 1) throw silent;
    });
    one.after.set("action", async (attempt) => {
      if (attempt === 2) throw silent;
    });
    assert.deepEqual(await run("unsure", "u1"), { outcome: "succeeded", answer: { id: 2 } });
    assert.equal(one.pieces, 8);
    assert.deepEqual(one.asked, ["01 action", "01 action", "01 action"]);
  });

  test("a compensation that fails, or is refused, is repeated until it is done", async () => {
    const shelf = stock("c1");
    // What an earlier copy of the request took is there to be taken back.
    shelf.after.set("action", () => Promise.reject(refused));
    shelf.before.set("compensate", async (attempt) => {
      if (attempt < 3) throw attempt === 1 ? silent : refused;
    });
    assert.equal((await run("stubborn", "c1")).outcome, "failed");
    assert.equal(shelf.pieces, 10);
    assert.deepEqual(shelf.asked, ["01 action", "01 compensate", "01 compensate", "01 compensate"]);
  });

  test("who has no time left is told that the saga goes on, and it does", async () => {
    const one = stock("t1");
    const { promise: entered, resolve: enter } = Promise.withResolvers<void>();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    one.before.set("action", async () => {
      enter();
      await released;
    });
    const call = new Call();
    const running = run("slow", "t1", call);
    await entered;
    call.cancel();
    assert.deepEqual(await running, { outcome: "unknown" });
    const over = once(ended, "slow");
    release();
    await over;
    assert.deepEqual(endsOf("slow"), ["slow succeeded in a"]);
  });

  test("a saga whose start fails was never begun, and a gid is used once", async () => {
    stock("n1");
    const payload = { shelf: "n1", num: 2 };
    const start = (): Promise<void> => Promise.reject(new Error("key reused"));
    await assert.rejects(orders.run(backgroundCall(), { gid: "unborn", payload, start }), /key reused/);
    assert.ok(Number.isNaN(await stateOf("unborn")));
    await run("once", "n1");
    await assert.rejects(run("once", "n1"), DuplicateKeyError);
    assert.equal(shelves.get("n1")?.pieces, 8);
  });

  test("a service's own part that fails is tried again, and no step with it", async () => {
    const one = stock("e1");
    failingEnds.set("clumsy", 2);
    assert.equal((await run("clumsy", "e1")).outcome, "succeeded");
    assert.deepEqual(endsOf("clumsy"), ["clumsy succeeded in a"]);
    assert.equal(one.pieces, 8);
  });

  for (const [way, refusing] of [
    ["forward", false],
    ["back", true],
  ] as const) {
    test(`a saga whose process dies on its way ${way} is ended by another, from where it was`, async (t) => {
      const shelf = stock(way);
      const own = await openDatabase({ dataSource, runtime: systemRuntime });
      const dying = await place("dying", own);
      dying.process.start();
      t.after(() => dying.process.stop());
      const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
      const hung = new Promise<void>(() => {});
      if (refusing) shelf.before.set("action", () => Promise.reject(refused));
      shelf.before.set(refusing ? "compensate" : "action", async (attempt) => {
        if (attempt > 1) return;
        reach();
        await hung;
      });
      const gid = `died ${way}`;
      const payload = { shelf: way, num: 2 };
      const call = new Call({ deadline: Date.now() + 500 });
      // Its caller learns nothing: its time is over, or its database is gone when it looks for the end.
      const abandoned = dying.orders.run(call, { gid, payload }).then(
        ({ outcome }) => assert.equal(outcome, "unknown"),
        (error: unknown) => assert.ok(error instanceof AppError, String(error)),
      );
      await reached;
      const over = once(ended, gid);
      await own.close();
      await abandoned;
      await dying.process.stop();
      await over;
      assert.deepEqual(endsOf(gid), [
        refusing ? `${gid} failed in a: OUT_OF_STOCK` : `${gid} succeeded in a`,
      ]);
      assert.equal(shelf.pieces, refusing ? 10 : 8);
      const again = refusing ? "01 compensate" : "01 action";
      assert.deepEqual(shelf.asked, refusing ? ["01 action", again, again] : [again, again]);
    });
  }
});
