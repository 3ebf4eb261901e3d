import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { after, before, describe, it } from "node:test";
import type { Database } from "@mall/kit/store";
import { forEachDatabase, type TestDatabases, until } from "@mall/kit/testing";
import fc from "fast-check";
import type { ServiceContext } from "../rpc/context.ts";
import { call, endOf, type OrderProcess, type OrderWorld, openOrderWorld } from "../rpc/test-order-world.ts";

/** A database that is away for a moment must not keep what is due waiting for much longer. */
const SOON_MS = 5_000;
const EXPIRE_MS = 60_000;
const CANCELLED = 9;
const SEED = Number(process.env.MALL_ORDER_SEED ?? randomInt(2 ** 31));

forEachDatabase("orders at their end", (databases) => {
  describe("while all is well", () => testEnds(databases));
  describe("while their database is away", () => testOutage(databases));
  describe("while their database is slow", () => testSlowness(databases));
});

function testEnds(databases: TestDatabases): void {
  let world: OrderWorld;
  let other: OrderProcess;
  before(async () => {
    world = await openOrderWorld(databases, { apart: true, keys: { OrderExpire: "1m", OpenOrdersMax: 0 } });
    other = await world.replica();
  });
  after(() => world.close());

  it("are cancelled unless they were paid, not before, and their pieces are in stock again", async () => {
    const pid = await world.putUp(2);
    const [unpaid, paid] = [await world.order(pid), await world.order(pid)];
    await world.client.paid(call(), { id: paid });
    const expire = (id: number) => endOf(other.client.expire(call(), { id }));
    assert.deepEqual([await expire(unpaid), await expire(paid)], ["ORDER_NOT_DUE", "done"]);
    assert.equal(await world.statusOf(unpaid), 0);
    world.runtime.shift(EXPIRE_MS + 1_000);
    await until("it is cancelled", async () => {
      await expire(unpaid);
      return (await world.statusOf(unpaid)) === CANCELLED;
    });
    assert.equal(await expire(unpaid), "done", "called again");
    assert.equal(await expire(999_999), "ORDER_NOT_FOUND");
    await world.assertPieces(pid, 2);
    assert.deepEqual([await world.statusOf(paid), await world.stockOf(pid)], [1, 1]);
  });

  it("are found by the service's own look, whoever else does not call", async () => {
    const pid = await world.putUp(1);
    const id = await world.order(pid);
    await until("it is cancelled", async () => {
      world.runtime.shift(SOON_MS);
      return (await world.statusOf(id)) === CANCELLED;
    });
    await world.assertPieces(pid, 1);
  });

  it("in a storm of all that can happen leave every piece in stock or in a live order", async (t) => {
    t.diagnostic(`seed ${SEED}: MALL_ORDER_SEED=${SEED}`);
    const initial = 12;
    const pid = await world.putUp(initial);
    const plans = fc.sample(fc.array(fc.nat(6), { minLength: 3, maxLength: 8 }), { seed: SEED, numRuns: 40 });
    await Promise.all(plans.map((plan) => live([world, other], pid, plan)));
    await world.assertPieces(pid, initial);
  });

  /** One order from its creation on, through what its plan says, some of it twice at a time. */
  async function live(
    processes: readonly OrderProcess[],
    pid: number,
    plan: readonly number[],
  ): Promise<void> {
    const id = await world.order(pid).catch(() => undefined);
    if (id === undefined) return;
    for (const [step, choice] of plan.entries()) {
      const acts = [choice, (choice * 3 + step) % 7].map((act, place) => {
        const { client } = processes[(step + place) % 2] ?? assert.fail();
        return [
          () => client.paid(call(), { id }),
          () => client.update(call(), { id, status: CANCELLED }),
          async () => {
            world.runtime.shift(1_000);
            return client.expire(call(), { id });
          },
          () => client.reopen(call(), { id }),
          () => client.refunded(call(), { id }),
          () => client.remove(call(), { id }),
          () => client.create(call(), world.request(pid)),
        ][act]?.();
      });
      await Promise.all(acts.map((act) => endOf(act ?? assert.fail())));
    }
  }
}

/** When the look for what is due comes again, milliseconds since the epoch. */
async function nextLook(database: Database): Promise<number> {
  const sql = "SELECT due_at AS due FROM job WHERE unique_key = 'order.expire'";
  const [row] = await database.read({ sql, parameters: [] });
  return Number(row?.due);
}

function testOutage(databases: TestDatabases): void {
  it("are looked for again soon, and then cancelled", async () => {
    const lost = Promise.withResolvers<void>();
    let away = true;
    const around = (context: ServiceContext): ServiceContext => {
      const { orderModel } = context;
      const findFirstToExpire: typeof orderModel.findFirstToExpire = async (limit) => {
        if (!away) return orderModel.findFirstToExpire(limit);
        lost.resolve();
        throw new Error("the database is away");
      };
      return { ...context, orderModel: { ...orderModel, findFirstToExpire } };
    };
    const world = await openOrderWorld(databases, { around, jobs: { Horizon: "0" } });
    const { runtime, database, context } = world;
    const order = { uid: 1, pid: 1, amount: 100, status: 0, expireTime: new Date(runtime.now() - SOON_MS) };
    const id = await context.orderModel.insert(order);
    await lost.promise;
    await until("the next look is soon", async () => {
      const waitMs = (await nextLook(database)) - runtime.now();
      return waitMs > 0 && waitMs <= SOON_MS;
    });
    away = false;
    runtime.shift(SOON_MS);
    await until(
      "the order is cancelled",
      async () => (await context.orderModel.findOne(id))?.status === CANCELLED,
    );
    await world.close();
  });
}

/** How long one order takes, milliseconds: as long as a whole look may. */
const SLOW_MS = 2_000;

function testSlowness(databases: TestDatabases): void {
  it("are cancelled some at a time, and the job has not failed", async () => {
    // Orders that each look has cancelled.
    const looks: number[] = [];
    const around = (context: ServiceContext): ServiceContext => {
      const { orderModel } = context;
      const findFirstToExpire: typeof orderModel.findFirstToExpire = (limit) => {
        looks.push(0);
        return orderModel.findFirstToExpire(limit);
      };
      const move: typeof orderModel.move = (...order) => {
        looks.push((looks.pop() ?? 0) + 1);
        world.runtime.shift(SLOW_MS);
        return orderModel.move(...order);
      };
      return { ...context, orderModel: { ...orderModel, findFirstToExpire, move } };
    };
    const world = await openOrderWorld(databases, { around });
    const { runtime, database, context } = world;
    try {
      const due = { uid: 1, pid: 1, amount: 100, status: 0, expireTime: new Date(runtime.now() - SOON_MS) };
      const ids = [await context.orderModel.insert(due), await context.orderModel.insert(due)];
      await until("they are cancelled", async () => {
        runtime.shift(SOON_MS);
        const states = await Promise.all(ids.map((id) => world.statusOf(id)));
        return states.every((status) => status === CANCELLED);
      });
      assert.deepEqual(
        looks.filter((cancelled) => cancelled > 0),
        [1, 1],
      );
      const sql = "SELECT failures FROM job WHERE unique_key = 'order.expire'";
      assert.deepEqual(
        (await database.read({ sql, parameters: [] })).map(({ failures }) => Number(failures)),
        [0],
      );
    } finally {
      await world.close();
    }
  });
}
