import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Call } from "@mall/kit/call";
import { forEachDatabase, until } from "@mall/kit/testing";
import { call, endOf, keyed, type OrderWorld, openOrderWorld, PRICE } from "../rpc/test-order-world.ts";
import { PIECES } from "./new-order.ts";

const OPEN_MAX = 3;

forEachDatabase("an order that is made", (databases) => {
  const keys = { OpenOrdersMax: OPEN_MAX, OrderExpire: "1h" };
  describe("in one transaction with its piece", () => testCreate(() => openOrderWorld(databases, { keys })));
  describe("by a saga, of products apart", () => {
    const open = () => openOrderWorld(databases, { keys, apart: true });
    testCreate(open);
    testLosses(open);
  });
});

function testCreate(open: () => Promise<OrderWorld>): void {
  let world: OrderWorld;
  before(async () => {
    world = await open();
  });
  after(() => world.close());

  const create = (pid: number, uid?: number, changes: object = {}) =>
    world.client.create(call(), { ...world.request(pid, uid), ...changes });
  const refusal = (pid: number, changes: object = {}) => endOf(create(pid, undefined, changes));
  const endsOf = (pid: number, uid: number, count: number) =>
    Promise.all(Array.from({ length: count }, () => endOf(world.order(pid, uid))));

  it("is unpaid whatever its maker says, for one piece, and has an end in whole seconds", async () => {
    const pid = await world.putUp(2);
    const uid = world.newUser();
    const from = world.runtime.now();
    const { id } = await create(pid, uid, { status: 1 });
    const { expireTime, ...order } = await world.client.detail(call(), { id });
    assert.deepEqual(order, { id, uid, pid, amount: PRICE, status: 0, num: PIECES });
    const leftMs = expireTime * 1000 - from;
    assert.ok(leftMs >= 3_600_000 && leftMs < 3_610_000, `${leftMs}`);
    await world.assertPieces(pid, 2);
  });

  it("costs what its product costs, is of somebody who is there, and takes nothing where it is refused", async () => {
    const pid = await world.putUp(1);
    assert.equal(await refusal(pid, { amount: PRICE - 1 }), "PRICE_MISMATCH");
    const gone = world.newUser();
    world.usersGone.add(gone);
    assert.equal(await refusal(pid, { uid: gone }), "USER_NOT_FOUND");
    assert.equal(await refusal(999_999), "PRODUCT_NOT_FOUND");
    await world.products.update(call(), { id: pid, status: 1 });
    assert.equal(await refusal(pid), "PRODUCT_OFF_SHELF");
    // As go-zero-mall says it, the stock comes before the price.
    assert.equal(await refusal(await world.putUp(0), { amount: PRICE - 1 }), "STOCK_INSUFFICIENT");
    assert.deepEqual([await world.ordersOf(pid), await world.stockOf(pid)], [[], 1]);
  });

  const madeOfWhatIsThere = async (way: (number: number) => Call): Promise<void> => {
    const pid = await world.putUp(5);
    const counted = world.refusals();
    const ends = await Promise.all(
      Array.from({ length: 12 }, (_, number) => endOf(world.client.create(way(number), world.request(pid)))),
    );
    assert.equal(ends.filter((end) => end === "done").length, 5);
    assert.equal(ends.filter((end) => end === "STOCK_INSUFFICIENT").length, 7);
    assert.equal(world.refusals() - counted, 7);
    await world.assertPieces(pid, 5);
    assert.equal(await world.stockOf(pid), 0);
  };

  it("is not made of what is gone: of twelve at once on a stock of five, five are, and seven refusals", () =>
    madeOfWhatIsThere(() => call()));

  it("nor with keys, whose transactions are run again where another of a group is refused", () =>
    madeOfWhatIsThere((number) => keyed(`gone-${number}`)));

  it("is one for twins with one key in two processes; another request with it is refused", async () => {
    const pid = await world.putUp(5);
    const request = world.request(pid);
    const processes = [world, await world.replica()];
    const create = (changes: object = {}) =>
      processes.map(({ client }) => client.create(keyed(`twins-${pid}`), { ...request, ...changes }));
    const answers = await Promise.all([...create(), ...create()]);
    assert.equal(new Set(answers.map(({ id }) => id)).size, 1);
    await world.assertPieces(pid, 5);
    assert.equal(await world.stockOf(pid), 4);
    const others = await Promise.all(create({ amount: 1 }).map(endOf));
    assert.deepEqual(others, ["IDEMPOTENCY_KEY_REUSED", "IDEMPOTENCY_KEY_REUSED"]);
  });

  it("that was refused when it was decided stays refused under its key, whatever comes into stock later", async () => {
    const pid = await world.putUp(1);
    const request = world.request(pid);
    const crowd = Array.from({ length: 6 }, (_, index) => `crowd-${pid}-${index}`);
    const buy = () => Promise.all(crowd.map((key) => endOf(world.client.create(keyed(key), { ...request }))));
    const ends = await buy();
    assert.equal(ends.filter((end) => end === "done").length, 1);
    await world.assertPieces(pid, 1);
    await world.products.update(call(), { id: pid, stock: 100 });
    const rows = world.database.query
      .selectFrom("idempotency")
      .select("idempotency_key")
      .where("state", "=", 1);
    const decided = new Set((await rows.execute()).map((row) => String(row.idempotency_key)));
    const again = await buy();
    // Whoever was refused before anything began had no effect, and may try again as far as there is room.
    for (const [index, key] of crowd.entries()) {
      if (decided.has(key)) assert.equal(again[index], ends[index]);
      else assert.ok(again[index] === "done" || again[index] === "OPEN_ORDERS_MAX", again[index]);
    }
  });

  it("is one of three that a user may have unpaid at once, which hold three pieces", async () => {
    const pid = await world.putUp(20);
    const uid = world.newUser();
    const ends = await endsOf(pid, uid, 15);
    assert.equal(ends.filter((end) => end === "done").length, OPEN_MAX);
    assert.equal(ends.filter((end) => end === "OPEN_ORDERS_MAX").length, 15 - OPEN_MAX);
    await assert.rejects(world.order(pid, uid), { code: "FAILED_PRECONDITION", message: /3个/ });
    await world.assertPieces(pid, 20);
    assert.equal(await world.stockOf(pid), 20 - OPEN_MAX);
    assert.equal(await endOf(world.order(pid)), "done", "others have room of their own");
  });

  it("at two processes at once is one of three for each at most, and of no more once they stand", async () => {
    const pid = await world.putUp(20);
    const request = world.request(pid);
    const processes = [world, await world.replica()];
    const buy = (times: number) =>
      Promise.all(
        Array.from({ length: times }, (_, index) => {
          const { client } = processes[index % 2] ?? assert.fail();
          return endOf(client.create(call(), request));
        }),
      );
    const done = (await buy(16)).filter((end) => end === "done").length;
    assert.ok(done >= OPEN_MAX && done <= 2 * OPEN_MAX, `${done}`);
    assert.deepEqual(await buy(2), ["OPEN_ORDERS_MAX", "OPEN_ORDERS_MAX"]);
  });

  it("has room again for each that is cancelled or paid; one with a known key is no other", async () => {
    const pid = await world.putUp(10);
    const uid = world.newUser();
    const request = world.request(pid, uid);
    const first = await world.client.create(keyed(`first-${pid}`), request);
    const [second] = [await world.order(pid, uid), await world.order(pid, uid)];
    assert.deepEqual(await endsOf(pid, uid, 1), ["OPEN_ORDERS_MAX"]);
    assert.deepEqual(await world.client.create(keyed(`first-${pid}`), request), first);
    await world.client.update(call(), { id: first.id, status: 9 });
    assert.deepEqual((await endsOf(pid, uid, 2)).sort(), ["OPEN_ORDERS_MAX", "done"]);
    await world.client.paid(call(), { id: second });
    assert.deepEqual((await endsOf(pid, uid, 2)).sort(), ["OPEN_ORDERS_MAX", "done"]);
    assert.equal(await endOf(world.order(999_999, uid)), "PRODUCT_NOT_FOUND", "another reason comes first");
  });

  it("does not count what a Go process left unpaid for ever", async () => {
    const pid = await world.putUp(10);
    const uid = world.newUser();
    for (let count = 0; count < OPEN_MAX; count += 1) {
      await world.context.orderModel.insert({ uid, pid, amount: PRICE, status: 0 });
    }
    assert.deepEqual((await endsOf(pid, uid, 4)).sort(), ["OPEN_ORDERS_MAX", "done", "done", "done"]);
  });
}

/** Nobody knows what became of a request that was not answered: it is asked again until somebody does. */
function testLosses(open: () => Promise<OrderWorld>): void {
  let world: OrderWorld;
  before(async () => {
    world = await open();
  });
  after(() => world.close());

  const settled = async (pid: number): Promise<void> => {
    await until("the saga came to its end", async () => {
      world.runtime.shift(1_000);
      return (await world.ordersOf(pid)).length === 1;
    });
  };

  for (const loss of ["request", "answer"] as const) {
    it(`whose ${loss} about its piece was lost twice takes one, and is there once`, async () => {
      const pid = await world.putUp(3);
      world.lose(loss, loss);
      const asked = endOf(world.order(pid));
      await settled(pid);
      assert.ok(["done", "DEADLINE_EXCEEDED"].includes(await asked));
      await world.assertPieces(pid, 3);
      assert.equal(await world.stockOf(pid), 2);
    });
  }
}
