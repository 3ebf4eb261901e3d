import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { forEachDatabase } from "@mall/kit/testing";
import { assertBooks, call, openPayWorld, type PayWorld, refused } from "../rpc/test-pay-world.ts";

forEachDatabase("payments of amount 0", (databases) => {
  let world: PayWorld;
  before(async () => {
    world = await openPayWorld(databases);
  });
  after(() => world.close());

  const PAID = { status: 1, source: 0, amount: 0, refundedAmount: 0, refundingAmount: 0, heldReason: "" };

  const attemptsOf = async (id: number) =>
    (await world.context.attemptModel.findByPay(id)).map(({ channel, state, amount, receivedAmount }) => ({
      ...{ channel, state, amount, receivedAmount },
    }));
  const ONE_SUCCESS = [{ channel: "none", state: 2, amount: 0, receivedAmount: 0 }];

  const told = (name: string, id: number) =>
    world.orders.calls.filter((line) => line === `${name} ${id}`).length;

  /** A payment as a Go process leaves it: without end, and waiting. */
  const openByGo = async (order = world.orders.add({ amount: 0 })) => {
    const { uid, id: oid } = order;
    const id = await world.context.payModel.insert({ uid, oid, amount: 0, source: 0, status: 0 });
    return { id, order };
  };

  it("are paid when they are opened, without a channel, and their orders know by then", async () => {
    const { id, order } = await world.openPay({ amount: 0 });
    assert.equal(order.status, 1);
    await world.untilPay(id, PAID);
    assert.notEqual((await world.client.detail(call(), { id })).paidTime, 0);
    assert.deepEqual(await attemptsOf(id), ONE_SUCCESS);
    await refused(world.client.prepay(call(), { id, channel: "sandbox" }), "PAY_ALREADY_PAID");
    await refused(world.client.close(call(), { id }), "PAY_ALREADY_PAID");
    await refused(world.client.create(call(), { uid: 1, oid: order.id, amount: 0 }), "PAY_EXISTS");
    assert.equal(told("paid", order.id), 1);
    await assertBooks(world, { sales: 0, suspense: 0, "channel:none": 0 });
  });

  it("of one order opened by many at once are one, and its order hears once", async () => {
    const order = world.orders.add({ amount: 0 });
    const other = await world.replica();
    const clients = [world.client, other.client, world.client, other.client, world.client, other.client];
    const opened = await Promise.allSettled(
      clients.map((client) => client.create(call(), { uid: 1, oid: order.id, amount: 0 })),
    );
    const ids = opened.flatMap((each) => (each.status === "fulfilled" ? [each.value.id] : []));
    const [id = 0] = ids;
    assert.equal(ids.length, 1);
    for (const each of opened) if (each.status === "rejected") assert.equal(each.reason.reason, "PAY_EXISTS");
    await world.untilPay(id, PAID);
    assert.deepEqual(await attemptsOf(id), ONE_SUCCESS);
    assert.equal(told("paid", order.id), 1);
  });

  it("are not lost with the process that opened them: the order is told until it hears", async () => {
    world.orders.fail(3);
    const { id, order } = await world.openPay({ amount: 0 });
    await world.untilPay(id, PAID);
    await world.untilLater("the order is paid", async () => order.status === 1);
    world.orders.fail(0);
    await assertBooks(world, { sales: 0 });
  });

  it("leave no row behind where they cannot be written down as paid", async () => {
    const order = world.orders.add({ amount: 0 });
    // A leftover of the attempt's number, which is unique.
    const next = (await world.openPay()).id + 1;
    const taken = { payId: next, outTradeNo: `none-${next}`, channel: "other", source: 0, amount: 0 };
    const leftover = await world.context.attemptModel.insert({ ...taken, currency: "CNY" });
    await assert.rejects(world.client.create(call(), { uid: 1, oid: order.id, amount: 0 }));
    assert.equal(await world.context.payModel.findOneByOid(order.id), undefined);
    assert.equal(order.status, 0);
    await world.context.attemptModel.delete(leftover);
  });

  it("a callback about them, as go-zero-mall's gateways send it, changes nothing, by whatever source", async () => {
    const { id, order } = await world.openPay({ amount: 0 });
    const callback = { id, oid: order.id, uid: 1, amount: 0, status: 1 };
    for (const source of [0, 1, 9, 1]) {
      assert.deepEqual(await world.client.callback(call(), { ...callback, source }), {});
    }
    await world.untilPay(id, PAID);
    assert.deepEqual(await attemptsOf(id), ONE_SUCCESS);
    const money = { ...callback, source: 1, amount: 500 };
    assert.deepEqual(await world.client.callback(call(), money), { outcome: "surplus" });
    await world.untilPay(id, PAID);
  });

  it("have nothing that could be asked back", async () => {
    const { id } = await world.openPay({ amount: 0 });
    const refund = { id, reason: "", requestedBy: 2 };
    await refused(
      world.client.refund(call(), { ...refund, refundNo: "free-1", amount: 1 }),
      "REFUND_EXCEEDS",
    );
    await refused(world.client.refund(call(), { ...refund, refundNo: "free-0", amount: 0 }), "INVALID_FIELD");
    await world.untilPay(id, PAID);
  });

  it("an open payment whose order costs nothing by now is paid where it is given the amount", async () => {
    for (const giveAmount of [
      ({ oid }: { oid: number }) => world.client.reprice(call(), { oid }),
      ({ oid }: { oid: number }) => world.client.create(call(), { uid: 1, oid, amount: 0 }),
    ]) {
      const { id, order } = await world.openPay();
      await world.client.prepay(call(), { id, channel: "sandbox" });
      order.amount = 0;
      await giveAmount({ oid: order.id });
      assert.equal(order.status, 1);
      await world.untilPay(id, PAID);
      assert.deepEqual(
        (await attemptsOf(id)).map(({ channel, state }) => [channel, state]),
        [
          ["sandbox", 4],
          ["none", 2],
        ],
      );
    }
    await assertBooks(world, { sales: 0 });
  });

  it("one that a Go process left waiting is paid by whoever asks about it or wants to pay it", async () => {
    const asked = await openByGo();
    const { status, paidTime } = await world.client.sync(call(), { id: asked.id });
    assert.deepEqual([status, paidTime > 0, asked.order.status], [1, true, 1]);
    const wanted = await openByGo();
    await refused(world.client.prepay(call(), { id: wanted.id, channel: "sandbox" }), "PAY_ALREADY_PAID");
    await world.untilPay(wanted.id, PAID);
    assert.equal(wanted.order.status, 1);
    await assertBooks(world, { sales: 0 });
  });

  it("one that a Go process left waiting for an order that is not to be had for nothing stays as it is", async () => {
    const cancelled = await openByGo(world.orders.add({ amount: 0, status: 9 }));
    const costly = await openByGo(world.orders.add({ amount: 500 }));
    const another = await openByGo(world.orders.add({ amount: 0, uid: 2 }));
    await world.context.payModel.update(another.id, { uid: 1 });
    const gone = await openByGo();
    world.orders.remove(gone.order.id);
    for (const { id } of [cancelled, costly, another, gone]) {
      assert.equal((await world.client.sync(call(), { id })).status, 0);
      assert.deepEqual(await attemptsOf(id), []);
    }
  });

  it("whose order is cancelled in that moment take their piece again, or are given back with it", async () => {
    world.orders.before = (order) => {
      world.orders.before = undefined;
      order.status = 9;
    };
    world.orders.stock = 1;
    const late = await world.openPay({ amount: 0 });
    await world.untilPay(late.id, PAID);
    assert.equal(late.order.status, 1);
    world.orders.before = (order) => {
      world.orders.before = undefined;
      order.status = 9;
    };
    const gone = await world.openPay({ amount: 0 });
    await world.untilPay(gone.id, { status: 3, refundedAmount: 0 });
    await world.until("the order knows", () => gone.order.status === 2);
    await assertBooks(world, { sales: 0, suspense: 500 });
  });

  it("whose order costs something in that moment are held, and the order stays unpaid", async () => {
    world.orders.before = (order) => {
      world.orders.before = undefined;
      order.amount = 500;
    };
    const { id, order } = await world.openPay({ amount: 0 });
    await world.untilPay(id, { status: 5, heldReason: "ORDER_AMOUNT_CHANGED" });
    assert.equal(order.status, 0);
    await world.client.resolve(call(), { id, decision: "refund" });
    await world.untilPay(id, { status: 2 });
    await world.until("the order is cancelled", () => order.status === 9);
    await assertBooks(world, { sales: 0 });
  });
});
