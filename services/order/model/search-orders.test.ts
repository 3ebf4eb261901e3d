import assert from "node:assert/strict";
import { before, it } from "node:test";
import { migrateToLatest } from "@mall/kit/store";
import { createShiftedRuntime, forEachDatabase } from "@mall/kit/testing";
import { orderMigrations } from "./gen/migrations.ts";
import { createOrderModel, type OrderModel } from "./order-model.ts";

const HOUR_MS = 3_600_000;

forEachDatabase("orders of all users", (databases) => {
  let orders: OrderModel;
  let start: number;
  before(async () => {
    const runtime = createShiftedRuntime();
    const database = await databases.open({ runtime });
    await migrateToLatest(database, orderMigrations);
    orders = createOrderModel(database);
    start = runtime.now();
    let count = 0;
    for (const [uid, pid, status] of [
      [1, 1, 0],
      [1, 2, 1],
      [2, 1, 1],
      [2, 2, 9],
      [1, 1, 10],
      [1, 1, 2],
    ]) {
      count += 1;
      await orders.insert({ uid: uid ?? 0, pid: pid ?? 0, status: status ?? 0, amount: count * 100 });
      runtime.shift(4 * HOUR_MS);
    }
  });

  const find = async (search: object): Promise<number[]> =>
    (await orders.search({ before: 0, limit: 10, ...search })).rows.map(({ id }) => id);
  const after = (hours: number): Date => new Date(start + hours * HOUR_MS);

  it("are found by number, user, product, state, time and amount, the newest first and none that was removed", async () => {
    assert.deepEqual(await find({}), [6, 4, 3, 2, 1]);
    assert.deepEqual(await find({ id: 3 }), [3]);
    assert.deepEqual(await find({ id: 5 }), []);
    assert.deepEqual(await find({ uid: 1 }), [6, 2, 1]);
    assert.deepEqual(await find({ pid: 1 }), [6, 3, 1]);
    assert.deepEqual(await find({ uid: 2, pid: 1 }), [3]);
    assert.deepEqual(await find({ status: 1 }), [3, 2]);
    assert.deepEqual(await find({ status: 10 }), []);
    assert.deepEqual(await find({ from: after(7) }), [6, 4, 3]);
    assert.deepEqual(await find({ to: after(7) }), [2, 1]);
    assert.deepEqual(await find({ from: after(3), to: after(13), status: 1 }), [3, 2]);
    assert.deepEqual(await find({ id: 3, uid: 1 }), []);
    assert.deepEqual(await find({ amountMin: 300 }), [6, 4, 3]);
    assert.deepEqual(await find({ amountMax: 300 }), [3, 2, 1]);
    assert.deepEqual(await find({ amountMin: 200, amountMax: 400, status: 1, from: after(7) }), [3]);
    assert.deepEqual(await find({ amountMin: 301, amountMax: 399 }), []);
    assert.deepEqual(await find({ from: after(11), id: 1 }), []);
  });

  it("come page by page, and the last page says that it is", async () => {
    const first = await orders.search({ uid: 1, before: 0, limit: 2 });
    assert.deepEqual([first.rows.map(({ id }) => id), first.next], [[6, 2], 2]);
    const second = await orders.search({ uid: 1, before: first.next, limit: 2 });
    assert.deepEqual([second.rows.map(({ id }) => id), second.next], [[1], 0]);
  });
});
