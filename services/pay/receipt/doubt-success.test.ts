import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { forEachDatabase } from "@mall/kit/testing";
import type { TestOrder } from "../rpc/test-orders.ts";
import { assertBooks, call, openPayWorld, type PayWorld, refused } from "../rpc/test-pay-world.ts";
import { recordSuccess } from "./record-success.ts";

const CHANGED = { status: 5, source: 0, paidTime: 0, heldReason: "ORDER_AMOUNT_CHANGED" };

forEachDatabase("money for an order that costs something else by now", (databases) => {
  let world: PayWorld;
  before(async () => {
    world = await openPayWorld(databases);
  });
  after(() => world.close());

  const prepay = (id: number) => world.client.prepay(call(), { id, channel: "sandbox" });
  const sync = (id: number) => world.client.sync(call(), { id });
  const resolve = (id: number, decision: string) => world.client.resolve(call(), { id, decision });
  const detail = (id: number) => world.client.detail(call(), { id });
  const suspense = async (id: number): Promise<number> => {
    const lines = await world.context.ledger.findMany((query) => query.where("pay_id", "=", id));
    const own = lines.filter(({ account }) => account === "suspense");
    return own.reduce((sum, { debit, credit }) => sum + credit - debit, 0);
  };
  /** A buyer who pays what was asked for, while the order's price becomes another one. */
  const payOld = async (price: number): Promise<{ id: number; order: TestOrder; outTradeNo: string }> => {
    const { id, order } = await world.openPay();
    const { outTradeNo } = await prepay(id);
    order.amount = price;
    await world.bank.pay(outTradeNo);
    await sync(id);
    return { id, order, outTradeNo };
  };

  it("is held, whether it is too little or too much, and the order is not paid", async () => {
    for (const price of [900, 400]) {
      const { id, order } = await payOld(price);
      await world.untilPay(id, CHANGED);
      assert.deepEqual([order.status, await suspense(id)], [0, 500]);
      await refused(prepay(id), "PAY_HELD");
      await assertBooks(world, {});
    }
  });

  it("accepted, it pays the order at its new price, and what came may go back later", async () => {
    const { id, order } = await payOld(900);
    await world.untilPay(id, CHANGED);
    await resolve(id, "accept");
    await world.untilPay(id, { status: 1, amount: 900, heldReason: "" });
    await world.until("the order is paid", () => order.status === 1);
    await refused(refund(id, 501), "REFUND_EXCEEDS");
    await refund(id, 500);
    await world.untilPay(id, { status: 3, refundedAmount: 500 });
    await assertBooks(world, {});
    assert.equal(await suspense(id), 0);
  });

  it("sent back, it is the buyer's again, and the order is cancelled", async () => {
    const { id, order, outTradeNo } = await payOld(400);
    await world.untilPay(id, CHANGED);
    await resolve(id, "refund");
    await world.untilPay(id, { status: 2, heldReason: "" });
    await world.until("the order is cancelled", () => order.status === 9);
    await world.until("the bank has given it back", async () => {
      const trade = await world.bank.trade(outTradeNo);
      return trade?.refunds.some(({ outcome, amount }) => outcome === "succeeded" && amount === 500) === true;
    });
    await world.until("nothing stands on suspense", async () => (await suspense(id)) === 0);
    await assertBooks(world, {});
  });

  it("is held also where the price changes between the success and the order's hearing of it", async () => {
    const { id, order } = await world.openPay();
    const { outTradeNo } = await prepay(id);
    world.orders.before = (heard) => {
      if (heard.id === order.id && heard.status === 0) heard.amount = 900;
    };
    await world.bank.pay(outTradeNo);
    await sync(id);
    await world.untilPay(id, CHANGED);
    world.orders.before = undefined;
    assert.equal(order.status, 0);
  });

  it("is held also where the order was cancelled, and takes no piece then", async () => {
    const { id, order } = await world.openPay();
    const { outTradeNo } = await prepay(id);
    Object.assign(order, { status: 9, amount: 900 });
    world.orders.stock = 1;
    await world.bank.pay(outTradeNo);
    await sync(id);
    await world.untilPay(id, CHANGED);
    assert.deepEqual([order.status, world.orders.stock], [9, 1]);
  });

  it("goes back where a part of it went back before the order had heard", async () => {
    const { id, order } = await world.openPay();
    const { outTradeNo } = await prepay(id);
    world.orders.fail(1_000);
    await world.bank.pay(outTradeNo);
    await sync(id);
    await world.untilPay(id, { status: 1 });
    await refund(id, 200);
    await world.untilPay(id, { status: 4 });
    order.amount = 900;
    order.status = 0;
    world.orders.fail(0);
    await world.untilLater("all of it is back", async () => (await detail(id)).refundedAmount === 500);
    await world.until("the order is told", () => order.status === 2);
    await assertBooks(world, {});
  });

  it("of a second success is told to the order as well", async () => {
    const { id, order } = await payOld(900);
    await world.untilPay(id, CHANGED);
    await resolve(id, "refund");
    await world.untilPay(id, { status: 2 });
    await world.until("the order is cancelled", () => order.status === 9);
    order.amount = 500;
    world.orders.stock = 1;
    const callback = { id, uid: 1, oid: order.id, amount: 500, source: 1, status: 1 };
    assert.deepEqual(await world.client.callback(call(), callback), {});
    await world.untilPay(id, { status: 1, source: 1 });
    await world.until("the order is brought back", () => order.status === 1);
    await assertBooks(world, {});
  });

  it("pays the order of a Go peer, which does not compare", async () => {
    world.orders.compares = false;
    const { id, order } = await payOld(900);
    await world.untilPay(id, { status: 1 });
    await world.until("the order is paid", () => order.status === 1);
    world.orders.compares = true;
  });

  it("that was asked for at an old price is held where the payment has a new one", async () => {
    const { id, order } = await world.openPay();
    const { outTradeNo } = await prepay(id);
    const paid = await world.bank.trade(outTradeNo);
    assert.equal(paid?.amount, 500);
    order.amount = 900;
    await world.client.reprice(call(), { oid: order.id });
    // As if the bank had let the buyer in all the same.
    const [attempt] = await world.context.attemptModel.findByPay(id);
    assert.ok(attempt);
    const trade = { tradeNo: "late", amount: 500, currency: "CNY", fee: 0, paidAt: 1 };
    const taken = await recordSuccess(world.context, attempt, { state: "paid", ...trade });
    assert.equal(taken.outcome, "held");
    await world.untilPay(id, { status: 5, amount: 900, heldReason: "AMOUNT_MISMATCH" });
    await assertBooks(world, {});
    await resolve(id, "accept");
    await world.untilPay(id, { status: 1, amount: 900 });
    await world.until("the order is paid", () => order.status === 1);
    await assertBooks(world, {});
  });

  it("whatever comes first, of a new price, a buyer who pays, and a mall that asks: paid at the price, or held", async () => {
    const replica = await world.replica();
    for (let round = 0; round < 8; round += 1) {
      const { id, order } = await world.openPay();
      const { outTradeNo } = await prepay(id);
      const changeAmount = async (): Promise<void> => {
        await world.client.reprice(call(), { oid: order.id });
        if (order.status === 0) order.amount = 900;
        await replica.client.reprice(call(), { oid: order.id });
      };
      await Promise.allSettled([
        world.bank.pay(outTradeNo),
        changeAmount(),
        replica.client.sync(call(), { id }),
        prepay(id),
      ]);
      if ((await world.bank.trade(outTradeNo))?.state !== "paid") continue;
      await sync(id);
      await world.until("it is paid or held", async () => {
        const { status, amount } = await detail(id);
        return status === 5 ? order.status === 0 : order.status === 1 && amount === order.amount;
      });
    }
    await assertBooks(world, {});
  });

  function refund(id: number, amount: number) {
    const refundNo = `R${id}-${amount}`;
    return world.client.refund(call(), { id, refundNo, amount, reason: "", requestedBy: 7 });
  }
});
