import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { forEachDatabase } from "@mall/kit/testing";
import { tradeRef } from "../../channels/test-channel-conformance.ts";
import { assertBooks, call, openPayWorld, type PayWorld, refused } from "../test-pay-world.ts";

const MINUTE = 60_000;

forEachDatabase("refunds", (databases) => {
  let world: PayWorld;
  before(async () => {
    world = await openPayWorld(databases);
  });
  after(() => world.close());

  const refund = (id: number, refundNo: string, amount: number, client = world.client) =>
    client.refund(call(), { id, refundNo, amount, reason: "wrong size", requestedBy: 7 });
  const refundStatus = async (refundNo: string): Promise<number> =>
    (await world.client.refundDetail(call(), { refundNo })).status;
  const prepay = (id: number) => world.client.prepay(call(), { id, channel: "sandbox" });
  /** A payment of 500 that a buyer paid on the sandbox. */
  const paid = async () => {
    const { id, order } = await world.openPay();
    const { outTradeNo } = await prepay(id);
    await world.bank.pay(outTradeNo);
    await world.client.sync(call(), { id });
    await world.until("the order is paid", () => order.status === 1);
    return { id, order, outTradeNo };
  };
  const refundedAtBank = async (outTradeNo: string): Promise<number> => {
    const trade = await world.bank.trade(outTradeNo);
    return trade?.refunds.reduce((sum, { amount }) => sum + amount, 0) ?? 0;
  };

  it("a part goes back, then the rest, and then the order is refunded", async () => {
    const { id, order, outTradeNo } = await paid();
    const first = await refund(id, "R1", 200);
    assert.deepEqual(
      [first.id, first.amount, first.status, first.cause, first.channel, first.requestedBy],
      [id, 200, 0, "request", "sandbox", 7],
    );
    await world.untilPay(id, { status: 4, refundedAmount: 200, refundingAmount: 0 });
    assert.equal(order.status, 1);
    await refund(id, "R2", 300);
    await world.untilPay(id, { status: 3, refundedAmount: 500, refundingAmount: 0 });
    await world.until("the order is refunded", () => order.status === 2);
    assert.equal(await refundedAtBank(outTradeNo), 500);
    await refused(refund(id, "R3", 1), "PAY_NOT_REFUNDABLE");
    await assertBooks(world, { sales: 0, "channel:sandbox": 3, fees: -3 });
  });

  it("many at once, over two processes, never exceed what came", async () => {
    const { id, outTradeNo } = await paid();
    const replica = await world.replica();
    const clients = [world.client, replica.client];
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => refund(id, `many-${index}`, 90, clients[index % 2])),
    );
    assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 5);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") await refused(Promise.reject(outcome.reason), "REFUND_EXCEEDS");
    }
    await world.untilPay(id, { status: 4, refundedAmount: 450, refundingAmount: 0 });
    assert.equal(await refundedAtBank(outTradeNo), 450);
  });

  it("the same number is the same refund, however often and by whom it is asked, and no other", async () => {
    const { id, outTradeNo } = await paid();
    const other = await paid();
    const same = await Promise.all(Array.from({ length: 5 }, () => refund(id, "same", 100)));
    assert.deepEqual(
      new Set(same.map(({ refundNo, amount }) => `${refundNo} ${amount}`)),
      new Set(["same 100"]),
    );
    await refused(refund(id, "same", 101), "REFUND_NO_USED");
    await refused(refund(other.id, "same", 100), "REFUND_NO_USED");
    await world.untilPay(id, { status: 4, refundedAmount: 100 });
    assert.equal(await refundedAtBank(outTradeNo), 100);
  });

  it("an answer that is lost is asked for, and the refund made once", async () => {
    const { id, outTradeNo } = await paid();
    world.bank.setFaults([{ fault: "refund.error-before" }, { fault: "refund.error-after" }]);
    await refund(id, "lost", 100);
    await world.untilPay(id, { status: 4, refundedAmount: 100 });
    assert.equal(await refundedAtBank(outTradeNo), 100);
  });

  it("a channel that takes its time is asked until it has made it", async () => {
    const { id } = await paid();
    world.bank.setFaults([{ fault: "refund.processing", ms: 10 * MINUTE }]);
    await refund(id, "slow", 100);
    await world.until("it is under way", async () => (await refundStatus("slow")) === 1);
    await world.untilPay(id, { status: 1, refundedAmount: 0, refundingAmount: 100 });
    await world.untilLater("it is made", async () => (await refundStatus("slow")) === 2);
    await world.untilPay(id, { status: 4, refundedAmount: 100, refundingAmount: 0 });
  });

  it("one that its channel refuses, or cannot make, frees what it had reserved", async () => {
    const { id, outTradeNo } = await paid();
    world.bank.setFaults([{ fault: "refund.refused" }]);
    await refund(id, "no-1", 500);
    await world.untilRefused("no-1");
    await world.untilLater("it is refused", async () => (await refundStatus("no-1")) === 3);
    await world.untilPay(id, { status: 1, refundingAmount: 0 });
    world.bank.setFaults([{ fault: "refund.failed", ms: 0 }]);
    await refund(id, "no-2", 500);
    await world.until("it has failed", async () => (await refundStatus("no-2")) === 3);
    await refund(id, "yes", 500);
    await world.untilPay(id, { status: 3, refundedAmount: 500 });
    assert.notEqual(await refundedAtBank(outTradeNo), 0);
  });

  it("one that its channel refuses and makes after all, for a copy of the request, counts as made", async () => {
    const { id, outTradeNo } = await paid();
    world.bank.setFaults([{ fault: "refund.refused" }]);
    await refund(id, "late", 500);
    await world.untilRefused("late");
    assert.equal(await refundStatus("late"), 1);
    const channel = world.context.channels.get("sandbox");
    const copy = { trade: tradeRef(outTradeNo), refundNo: "late", amount: 500, currency: "CNY", total: 500 };
    assert.equal((await channel?.refund(call(), copy))?.kind, "yes");
    await world.untilPay(id, { status: 3, refundedAmount: 500, refundingAmount: 0 });
    assert.equal(await refundedAtBank(outTradeNo), 500);
  });

  it("bad requests change nothing", async () => {
    const { id } = await paid();
    const open = await world.openPay();
    const cases = [
      [() => refund(open.id, "bad", 1), "PAY_NOT_REFUNDABLE"],
      [() => refund(99_999, "bad", 1), "PAY_NOT_FOUND"],
      [() => refund(id, "bad", 501), "REFUND_EXCEEDS"],
      [() => refund(id, "bad", 0), "INVALID_FIELD"],
      [() => refund(id, "bad", -1), "INVALID_FIELD"],
      [() => refund(id, "", 1), "INVALID_FIELD"],
      [() => refund(id, "a b", 1), "INVALID_FIELD"],
      [() => refund(id, "x".repeat(65), 1), "INVALID_FIELD"],
      [() => refund(id, "back-P1", 1), "INVALID_FIELD"],
      [() => refund(id, "gone-P1", 1), "INVALID_FIELD"],
      [() => world.client.refundDetail(call(), { refundNo: "nobody" }), "REFUND_NOT_FOUND"],
      [() => world.client.settleRefund(call(), { refundNo: "nobody", succeeded: true }), "REFUND_NOT_FOUND"],
      [() => world.client.resolve(call(), { id, decision: "accept" }), "PAY_NOT_HELD"],
      [() => world.client.resolve(call(), { id, decision: "refund" }), "PAY_NOT_HELD"],
      [() => world.client.resolve(call(), { id, decision: "keep" }), "INVALID_FIELD"],
    ] as const;
    for (const [ask, reason] of cases) await refused(ask(), reason);
    await world.untilPay(id, { status: 1, refundingAmount: 0, refundedAmount: 0 });
  });

  it("surplus money goes back by itself, until it is back", async () => {
    const { id } = await world.openPay();
    world.bank.setFaults([{ fault: "prepay.error-after" }]);
    await refused(prepay(id), "CHANNEL_UNAVAILABLE");
    world.bank.setFaults([
      { fault: "query.error-before", times: 5 },
      { fault: "close.error-before", times: 5 },
    ]);
    const second = await prepay(id);
    const [first] = await world.context.attemptModel.findByPay(id);
    const numbers = [first?.outTradeNo ?? "", second.outTradeNo];
    for (const outTradeNo of numbers) await world.bank.pay(outTradeNo);
    world.bank.setFaults([{ fault: "refund.error-after", times: 2 }]);
    world.runtime.shift(MINUTE);
    await world.until("one of the two is back", async () => {
      const back = await Promise.all(numbers.map(refundedAtBank));
      return back.toSorted((left, right) => left - right).join() === "0,500";
    });
    await world.until("and in the books", async () => {
      const refunds = await world.context.refundModel.findMany((query) => query.where("pay_id", "=", id));
      return refunds.length === 1 && refunds[0]?.state === 2;
    });
    await world.untilPay(id, { status: 1, refundedAmount: 0, refundingAmount: 0 });
    await assertBooks(world, { suspense: 0 });
  });

  it("money of an order that cannot be had goes back, and the order hears of it", async () => {
    const { id, order } = await world.openPay();
    const { outTradeNo } = await prepay(id);
    await world.bank.pay(outTradeNo);
    order.status = 9;
    await world.client.sync(call(), { id });
    await world.untilPay(id, { status: 3, refundedAmount: 500, refundingAmount: 0 });
    await world.until("the order is given up for ever", () => order.status === 2);
    assert.equal(await refundedAtBank(outTradeNo), 500);
  });

  it("staff who refund while the order is still to hear of its payment leave nobody with both", async () => {
    const { id, order } = await world.openPay();
    const { outTradeNo } = await prepay(id);
    await world.bank.pay(outTradeNo);
    world.orders.fail(4);
    await world.client.sync(call(), { id });
    await refund(id, `early-${id}`, 500);
    await world.untilPay(id, { status: 3 });
    await world.until("the order is refunded", () => order.status === 2);
    world.orders.fail(0);
  });

  it("held money is accepted: the payment is paid with it, and so much may go back", async () => {
    const { id, order } = await world.openPay();
    await world.bank.pay((await prepay(id)).outTradeNo, { amount: 600 });
    await world.client.sync(call(), { id });
    await assertBooks(world, { suspense: 600 });
    const decisions = ["accept", "accept", "refund"].map((decision) =>
      world.client.resolve(call(), { id, decision }),
    );
    const outcomes = await Promise.allSettled(decisions);
    assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
    const isAccepted = (await world.client.detail(call(), { id })).status === 1;
    if (!isAccepted) return;
    assert.equal(order.status, 1);
    await assertBooks(world, { suspense: 0 });
    await refused(refund(id, `held-${id}`, 601), "REFUND_EXCEEDS");
    await refund(id, `held-${id}`, 600);
    await world.untilPay(id, { status: 3, refundedAmount: 600 });
  });

  it("held money goes back: the payment is closed and its order cancelled", async () => {
    const { id, order } = await world.openPay();
    const { outTradeNo } = await prepay(id);
    await world.bank.pay(outTradeNo, { amount: 1, currency: "USD" });
    await world.client.sync(call(), { id });
    await refused(world.client.resolve(call(), { id, decision: "accept" }), "HELD_CURRENCY");
    await world.client.resolve(call(), { id, decision: "refund" });
    await world.untilPay(id, { status: 2, heldReason: "" });
    await world.until("the order is cancelled", () => order.status === 9);
    await world.until("it is back", async () => (await refundedAtBank(outTradeNo)) === 1);
  });

  it("money whose way back nobody can be asked about is settled by somebody's word, once", async () => {
    const { id, order } = await world.openPay();
    await world.client.callback(call(), { id, uid: 1, oid: order.id, amount: 500, source: 1, status: 1 });
    const settle = (refundNo: string, succeeded: boolean) =>
      world.client.settleRefund(call(), { refundNo, succeeded });
    assert.equal((await refund(id, `hand-${id}`, 200)).status, 4);
    await refund(id, `no-${id}`, 300);
    await settle(`no-${id}`, false);
    await world.untilPay(id, { status: 1, refundingAmount: 200, refundedAmount: 0 });
    await Promise.all([settle(`hand-${id}`, true), settle(`hand-${id}`, true)]);
    await world.untilPay(id, { status: 4, refundingAmount: 0, refundedAmount: 200 });
    await refused(settle(`hand-${id}`, false), "REFUND_NOT_BY_HAND");
    await assertBooks(world, {});
  });

  it("what is not sent back although somebody wanted to goes back by itself where the order is gone", async () => {
    const { id, order } = await world.openPay();
    world.orders.fail(1_001);
    await world.client.callback(call(), { id, uid: 1, oid: order.id, amount: 500, source: 1, status: 1 });
    await refund(id, `all-${id}`, 300);
    order.status = 9;
    world.orders.stock = 0;
    world.orders.fail(0);
    await world.untilPay(id, { status: 1, refundingAmount: 500 });
    const settle = (refundNo: string, succeeded: boolean) =>
      world.client.settleRefund(call(), { refundNo, succeeded });
    await settle(`all-${id}`, false);
    await world.untilPay(id, { status: 1, refundingAmount: 500 });
    world.orders.stock = 1;
    const back = ["", "-2"].map((part) => `gone-callback-${id}${part}`);
    await world.until(
      "both parts go back",
      async () => (await refundStatus(back[1] ?? "").catch(() => 0)) === 4,
    );
    await refused(settle(back[0] ?? "", false), "REFUND_MUST_BE_MADE");
    for (const refundNo of back) await settle(refundNo, true);
    await world.untilPay(id, { status: 3, refundedAmount: 500, refundingAmount: 0 });
    await world.until("the order is given up for ever", () => order.status === 2);
    assert.equal(world.orders.stock, 1);
    world.orders.stock = 0;
  });

  it("a refund that must be made and is refused stays to be made by hand", async () => {
    const { id, order } = await world.openPay();
    const { outTradeNo } = await prepay(id);
    await world.bank.pay(outTradeNo);
    order.status = 9;
    world.bank.setFaults([{ fault: "refund.refused" }]);
    await world.client.sync(call(), { id });
    const refundNo = `gone-${outTradeNo}`;
    await world.untilRefused(refundNo);
    await world.untilLater("it waits for somebody", async () => (await refundStatus(refundNo)) === 4);
    await world.untilPay(id, { status: 1, refundingAmount: 500 });
    await world.client.settleRefund(call(), { refundNo, succeeded: true });
    await world.untilPay(id, { status: 3, refundedAmount: 500 });
    await world.until("the order is given up for ever", () => order.status === 2);
  });
});
