import assert from "node:assert/strict";
import { randomInt, randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { type BranchInfo, backgroundCall, type Call } from "@mall/kit/call";
import { callBranch } from "@mall/kit/saga";
import { forEachDatabase, until } from "@mall/kit/testing";
import type { OrderClient } from "@mall/order/rpc";
import fc from "fast-check";
import { endOf, keyed, type OrderShop, openOrderShop } from "./support/order-shop.ts";
import { PRICE } from "./support/shop.ts";
import { assertVerified } from "./support/verified.ts";

const SEED = Number(process.env.MALL_ORDER_SEED ?? randomInt(2 ** 31));

forEachDatabase("the life of an order, in two processes", (databases) => {
  const open = async (settings: object): Promise<OrderShop> => {
    const dataSource = await databases.createDataSource();
    return openOrderShop(await databases.open({ dataSource }), dataSource, settings);
  };
  describe("without an end", () => testMoves(() => open({})));
  describe("with an end", () => testExpiry(() => open({ OrderExpire: "1s" })));
  describe("as a step of somebody else's saga", () => testBranches(() => open({})));
});

function testMoves(open: () => Promise<OrderShop>): void {
  let shop: OrderShop;
  before(async () => {
    shop = await open();
  });
  after(() => shop.stop());

  const orders = (mall: number): OrderClient => shop.mall(mall).order;
  const cancelled = async (pid: number): Promise<number> => {
    const id = await shop.order(pid);
    await orders(0).update(backgroundCall(), { id, status: 9 });
    return id;
  };

  it("ten reopenings at once take one piece", async () => {
    const pid = await shop.putUp(5);
    const id = await cancelled(pid);
    const ends = await Promise.all(
      Array.from({ length: 10 }, (_, mall) => endOf(orders(mall).reopen(backgroundCall(), { id }))),
    );
    assert.ok(ends.includes("done"));
    assert.ok(
      ends.every((end) => end === "done" || end === "ORDER_REOPENING"),
      ends.join(),
    );
    await shop.assertPieces(pid, 5);
    assert.deepEqual([await shop.statusOf(id), await shop.stockOf(pid)], [1, 4]);
  });

  it("one that could not be reopened can be once there is a piece again", async () => {
    const pid = await shop.putUp(1);
    const id = await cancelled(pid);
    const other = await shop.order(pid);
    for (let time = 0; time < 2; time += 1) {
      assert.equal(await endOf(orders(time).reopen(backgroundCall(), { id })), "STOCK_INSUFFICIENT");
    }
    await orders(1).update(backgroundCall(), { id: other, status: 9 });
    await shop.quiet();
    await orders(0).reopen(backgroundCall(), { id });
    await shop.assertPieces(pid, 1);
    assert.equal(await shop.statusOf(id), 1);
  });

  it("one that is reopened and refunded again and again holds its piece or not", async () => {
    const pid = await shop.putUp(1);
    const id = await cancelled(pid);
    await orders(0).reopen(backgroundCall(), { id });
    await shop.quiet();
    assert.equal(await shop.stockOf(pid), 0);
    for (let time = 0; time < 3; time += 1) await orders(time).refunded(backgroundCall(), { id });
    await shop.assertPieces(pid, 1);
    assert.equal(await shop.statusOf(id), 2);
  });

  it("one whose money goes back while it is reopened ends refunded, without a piece", async () => {
    const pid = await shop.putUp(3);
    for (let round = 0; round < 10; round += 1) {
      const id = await cancelled(pid);
      await Promise.all([
        endOf(orders(round).reopen(backgroundCall(), { id })),
        endOf(orders(round + 1).refunded(backgroundCall(), { id })),
      ]);
      await shop.quiet();
      assert.equal(await endOf(orders(round).refunded(backgroundCall(), { id })), "done");
      assert.equal(await shop.statusOf(id), 2);
    }
    await shop.assertPieces(pid, 3);
  });

  it("one that is removed while it is reopened is the one or the other, and no piece is lost", async () => {
    const pid = await shop.putUp(20);
    for (let round = 0; round < 10; round += 1) {
      const id = await cancelled(pid);
      await Promise.all([
        endOf(orders(round).reopen(backgroundCall(), { id })),
        endOf(orders(round + 1).remove(backgroundCall(), { id })),
      ]);
    }
    await shop.assertPieces(pid, 20);
  });

  it("twenty creations with one key in two processes are one order, which takes one piece", async () => {
    const pid = await shop.putUp(5);
    const request = { uid: shop.uid, pid, amount: PRICE, status: 0 };
    const create = (key: string, mall: number, changes: object = {}) =>
      orders(mall).create(keyed(key), { ...request, ...changes });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, mall) => create("twins", mall)));
    assert.equal(new Set(answers.map(({ id }) => id)).size, 1);
    await shop.assertPieces(pid, 5);
    assert.equal(await shop.stockOf(pid), 4);
    assert.equal(await endOf(create("twins", 1, { amount: 1 })), "IDEMPOTENCY_KEY_REUSED");
  });

  it("a refusal of the saga is what its key stands for, whatever comes into stock later", async () => {
    const pid = await shop.putUp(1);
    const request = { uid: shop.uid, pid, amount: PRICE, status: 0 };
    const crowd = Array.from({ length: 8 }, (_, index) => `crowd-${pid}-${index}`);
    const ends = await Promise.all(crowd.map((key, mall) => endOf(orders(mall).create(keyed(key), request))));
    assert.equal(ends.filter((end) => end === "done").length, 1);
    await shop.assertPieces(pid, 1);
    const { product } = shop.mall(0);
    await product.update(backgroundCall(), { id: pid, stock: 100 });
    // Whoever was refused before a saga began had no effect, and may try again.
    const decided = await shop.answeredKeys();
    const again = await Promise.all(
      crowd.map((key, mall) => endOf(orders(mall + 1).create(keyed(key), request))),
    );
    for (const [index, key] of crowd.entries()) {
      assert.equal(again[index], decided.includes(key) ? ends[index] : "done");
    }
    const fresh = again.filter((end) => end === "done").length - 1;
    assert.equal(await shop.stockOf(pid), 100 - fresh);
  });

  it("is paid only by what it costs in that moment, also where it was cancelled", async () => {
    const pid = await shop.putUp(30);
    const pay = (id: number, amount?: number) => endOf(orders(1).paid(backgroundCall(), { id, amount }));
    const reopen = (id: number, amount: number) => endOf(orders(1).reopen(backgroundCall(), { id, amount }));
    const id = await shop.order(pid);
    assert.equal(await pay(id, PRICE - 1), "ORDER_AMOUNT_MISMATCH");
    assert.equal(await reopen(id, PRICE + 1), "ORDER_AMOUNT_MISMATCH");
    assert.deepEqual([await pay(id, PRICE), await pay(id, PRICE), await pay(id)], ["done", "done", "done"]);
    assert.equal(await pay(await shop.order(pid)), "done");
    const late = await cancelled(pid);
    assert.equal(await reopen(late, PRICE - 1), "ORDER_AMOUNT_MISMATCH");
    assert.equal(await shop.statusOf(late), 9);
    assert.equal(await reopen(late, PRICE), "done");
    for (let round = 0; round < 10; round += 1) {
      const contested = await shop.order(pid);
      const [changed, paid] = await Promise.all([
        endOf(
          orders(0).update(backgroundCall(), { id: contested, amount: PRICE + 1, expectedAmount: PRICE }),
        ),
        pay(contested, PRICE),
      ]);
      assert.ok(changed !== "done" || paid === "ORDER_AMOUNT_MISMATCH", `${changed}, ${paid}`);
      assert.equal(await shop.statusOf(contested), paid === "done" ? 1 : 0);
    }
    const forms = await Promise.all(
      [1, 2].map(async (mall) => {
        const request = { id: await shop.order(pid), amount: PRICE + mall, expectedAmount: PRICE - 1 };
        return endOf(orders(mall).update(backgroundCall(), request));
      }),
    );
    assert.deepEqual(forms, ["ORDER_CHANGED", "ORDER_CHANGED"]);
    await shop.assertPieces(pid, 30);
  });

  it("a repeated cancellation under one key answers the same, and changes nothing more", async () => {
    const pid = await shop.putUp(1);
    const id = await shop.order(pid);
    for (let time = 0; time < 3; time += 1) {
      await orders(time).update(keyed(`cancel-${id}`), { id, status: 9 });
    }
    await orders(0).remove(keyed(`remove-${id}`), { id });
    await orders(1).remove(keyed(`remove-${id}`), { id });
    await shop.assertPieces(pid, 1);
  });

  testVerified(() => shop);
}

function testExpiry(open: () => Promise<OrderShop>): void {
  let shop: OrderShop;
  before(async () => {
    shop = await open();
  });
  after(() => shop.stop());

  it("it is cancelled there unless it was paid, and its piece is in stock again", async () => {
    const pid = await shop.putUp(2);
    const [unpaid, paid] = [await shop.order(pid, 0), await shop.order(pid, 1)];
    const { order } = shop.mall(0);
    await order.paid(backgroundCall(), { id: paid });
    const end = (await order.detail(backgroundCall(), { id: unpaid })).expireTime * 1000;
    assert.ok(end > Date.now() - 2000 && end < Date.now() + 3000);
    await until("it is cancelled", async () => (await shop.statusOf(unpaid)) === 9);
    assert.ok(Date.now() >= end);
    await shop.assertPieces(pid, 2);
    assert.deepEqual([await shop.statusOf(paid), await shop.stockOf(pid)], [1, 1]);
  });

  it("asked for too early it stays, and asks to be asked again", async () => {
    const id = await shop.order(await shop.putUp(1));
    const { order } = shop.mall(0);
    const ends = new Set<string>();
    await until("it is cancelled", async () => {
      ends.add(await endOf(order.expire(backgroundCall(), { id })));
      return (await shop.statusOf(id)) === 9;
    });
    assert.ok(ends.has("ORDER_NOT_DUE"));
    assert.equal(await endOf(order.expire(backgroundCall(), { id })), "done");
  });

  it("a storm of all that can happen leaves every piece in stock or in a live order", async (t) => {
    t.diagnostic(`seed ${SEED}: MALL_ORDER_SEED=${SEED}`);
    const initial = 12;
    const pid = await shop.putUp(initial);
    const plans = fc.sample(fc.array(fc.nat(6), { minLength: 3, maxLength: 8 }), { seed: SEED, numRuns: 40 });
    await Promise.all(plans.map((plan, index) => live(shop, pid, { plan, index })));
    await shop.assertPieces(pid, initial);
  });

  testVerified(() => shop);
}

/** One order from its creation on, through what its plan says, some of it twice at a time. */
async function live(
  shop: OrderShop,
  pid: number,
  { plan, index }: { plan: readonly number[]; index: number },
): Promise<void> {
  const id = await shop.order(pid, index % 2).catch(() => undefined);
  if (id === undefined) return;
  for (const [step, choice] of plan.entries()) {
    const acts = [choice, (choice * 3 + step) % 7].map((act, place) => {
      const order = shop.mall(index + place).order;
      return [
        () => order.paid(backgroundCall(), { id }),
        () => order.update(backgroundCall(), { id, status: 9 }),
        () => order.expire(backgroundCall(), { id }),
        () => order.reopen(backgroundCall(), { id }),
        () => order.refunded(backgroundCall(), { id }),
        () => order.remove(backgroundCall(), { id }),
        () => shop.order(pid, place),
      ][act]?.();
    });
    await Promise.all(acts.map((act) => endOf(act ?? assert.fail())));
  }
}

function testBranches(open: () => Promise<OrderShop>): void {
  let shop: OrderShop;
  before(async () => {
    shop = await open();
  });
  after(() => shop.stop());

  /** What a coordinator sends to the steps of one saga, in the order of go-zero-mall's branch `dtm`. */
  const saga = (pid: number) => {
    const gid = randomUUID();
    const { order, product } = shop.mall(0);
    const ask = (branchId: string, op: string, work: (call: Call) => Promise<unknown>) =>
      endOf(
        callBranch(backgroundCall(), { gid, transType: "saga", branchId, op } satisfies BranchInfo, work),
      );
    const asked = { uid: shop.uid, pid, amount: PRICE, status: 0 };
    const pieces = { id: pid, num: 1 };
    return {
      create: (changes: object = {}) =>
        ask("01", "action", (call) => order.create(call, { ...asked, ...changes })),
      createRevert: () => ask("01", "compensate", (call) => order.createRevert(call, asked)),
      take: () => ask("02", "action", (call) => product.decrStock(call, pieces)),
      giveBack: () => ask("02", "compensate", (call) => product.decrStockRevert(call, pieces)),
    };
  };
  const ordersOf = async (pid: number): Promise<{ id: number; status: number }[]> => {
    const { order } = shop.mall(0);
    const { data } = await order.list(backgroundCall(), { uid: shop.uid, before: 0, limit: 500 });
    return data.filter((each) => each.pid === pid);
  };
  const cancel = async (pid: number): Promise<void> => {
    const [only] = await ordersOf(pid);
    await shop.mall(1).order.update(backgroundCall(), { id: only?.id ?? 0, status: 9 });
  };

  it("repeated steps write one order and take one piece", async () => {
    const pid = await shop.putUp(2);
    const { create, take } = saga(pid);
    for (let time = 0; time < 2; time += 1) {
      assert.deepEqual([await create(), await take()], ["done", "done"]);
    }
    assert.deepEqual([(await ordersOf(pid)).length, await shop.stockOf(pid)], [1, 1]);
    await shop.assertPieces(pid, 2);
  });

  it("taking it back cancels exactly the order that it wrote, once, and nothing that comes late", async () => {
    const pid = await shop.putUp(3);
    const [first, second] = [saga(pid), saga(pid)];
    for (const each of [first, second])
      assert.deepEqual([await each.create(), await each.take()], ["done", "done"]);
    for (let time = 0; time < 2; time += 1) {
      assert.deepEqual([await first.giveBack(), await first.createRevert()], ["done", "done"]);
    }
    assert.deepEqual(
      (await ordersOf(pid)).map(({ status }) => status),
      [0, 9],
    );
    await shop.assertPieces(pid, 3);
    const never = saga(pid);
    assert.deepEqual([await never.createRevert(), await never.create()], ["done", "done"]);
    assert.equal((await ordersOf(pid)).length, 2);
  });

  it("what the business refuses is ABORTED, so that the saga is taken back", async () => {
    const pid = await shop.putUp(1);
    assert.equal(await saga(pid).create({ amount: 1 }), "PRICE_MISMATCH");
    assert.equal(await saga(pid).create({ uid: 999_999 }), "USER_NOT_FOUND");
    assert.equal((await ordersOf(pid)).length, 0);
  });

  it("cancelled before its piece is taken, it gives none back and none is taken", async () => {
    const pid = await shop.putUp(1);
    const { create, take } = saga(pid);
    await create();
    await cancel(pid);
    await shop.quiet();
    assert.equal(await shop.stockOf(pid), 1, "no piece came from nowhere");
    assert.equal(await take(), "done");
    await shop.assertPieces(pid, 1);
  });

  it("cancelled by its owner and taken back by its saga, it gives its piece back once", async () => {
    const pid = await shop.putUp(1);
    const { create, take, giveBack, createRevert } = saga(pid);
    await create();
    await take();
    await Promise.all([cancel(pid), giveBack()]);
    assert.equal(await createRevert(), "done");
    await shop.assertPieces(pid, 1);
    assert.equal(await shop.stockOf(pid), 1);
  });

  it("refunded when its saga is long forgotten, it gives its piece back", async () => {
    const pid = await shop.putUp(1);
    const { create, take } = saga(pid);
    await create();
    await take();
    const [only] = await ordersOf(pid);
    const id = only?.id ?? 0;
    await shop.mall(0).order.paid(backgroundCall(), { id });
    await shop.growOld(id);
    await shop.mall(0).order.refunded(backgroundCall(), { id });
    await shop.assertPieces(pid, 1);
    assert.equal(await shop.stockOf(pid), 1);
  });

  it("paid before its saga was decided, it is taken back only once its money went back", async () => {
    const pid = await shop.putUp(0);
    const { create, giveBack, createRevert } = saga(pid);
    await create();
    const [only] = await ordersOf(pid);
    const { order } = shop.mall(0);
    await order.paid(backgroundCall(), { id: only?.id ?? 0 });
    assert.deepEqual([await giveBack(), await createRevert()], ["done", "ORDER_ALREADY_PAID"]);
    await order.refunded(backgroundCall(), { id: only?.id ?? 0 });
    assert.equal(await createRevert(), "done");
    await shop.assertPieces(pid, 0);
  });
}

/** Orders are told here without payments that they were paid. */
function testVerified(shop: () => OrderShop): void {
  it("leaves orders and stock that say the same", () =>
    assertVerified(shop().dataSource, { isExpected: ({ kind }) => kind === "ORDER_WITHOUT_MONEY" }));
}
