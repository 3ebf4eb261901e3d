import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { forEachDatabase } from "@mall/kit/testing";
import { assertBooks, call, openPayWorld, type PayWorld, refused } from "../test-pay-world.ts";

forEachDatabase("closing and re-pricing", (databases) => {
  let world: PayWorld;
  before(async () => {
    world = await openPayWorld(databases);
  });
  after(() => world.close());

  const prepay = (id: number) => world.client.prepay(call(), { id, channel: "sandbox" });
  const close = (id: number) => world.client.close(call(), { id });
  const deafen = (times: number): void =>
    world.bank.setFaults([
      { fault: "query.error-before", times },
      { fault: "close.error-before", times },
    ]);

  it("a payment is closed at its channel and here, its order cancelled, and once is as good as often", async () => {
    const { id, order } = await world.openPay();
    const { outTradeNo } = await prepay(id);
    await Promise.all([close(id), close(id)]);
    await close(id);
    await world.untilPay(id, { status: 2 });
    await assert.rejects(world.bank.pay(outTradeNo));
    await world.until("the order is cancelled", () => order.status === 9);
    await refused(prepay(id), "PAY_CLOSED");
  });

  it("closing that was asked for goes on by itself where the channel is silent, and nothing is opened meanwhile", async () => {
    const { id } = await world.openPay();
    await prepay(id);
    deafen(3);
    await refused(close(id), "PAY_CLOSING");
    await refused(prepay(id), "PAY_EXPIRED");
    world.runtime.shift(5_000);
    await world.untilPay(id, { status: 2 });
  });

  it("money that was quicker than the closing stays", async () => {
    const { id, order } = await world.openPay();
    await world.bank.pay((await prepay(id)).outTradeNo);
    await refused(close(id), "PAY_ALREADY_PAID");
    await world.untilPay(id, { status: 1 });
    await world.until("the order is paid", () => order.status === 1);
  });

  it("whatever comes first, of a buyer who pays and a payment that is closed, and one who asks: it ends in one way", async () => {
    const replica = await world.replica();
    for (let round = 0; round < 8; round += 1) {
      const { id, order } = await world.openPay();
      const { outTradeNo } = await prepay(id);
      await Promise.allSettled([
        world.bank.pay(outTradeNo),
        close(id),
        replica.client.sync(call(), { id }),
        replica.client.close(call(), { id }),
        prepay(id),
      ]);
      const trade = await world.bank.trade(outTradeNo);
      if (trade?.state !== "paid") await close(id);
      const paid = trade?.state === "paid";
      if (paid) await world.client.sync(call(), { id });
      await world.untilPay(id, { status: paid ? 1 : 2 });
      await world.until("the order is told", () => order.status === (paid ? 1 : 9));
    }
    await assertBooks(world, {});
  });

  it("the order's new amount becomes the payment's when nobody can pay the old one any more", async () => {
    const { id, order } = await world.openPay();
    const { outTradeNo } = await prepay(id);
    const create = (amount: number) => world.client.create(call(), { uid: 1, oid: order.id, amount });
    await refused(create(500), "PAY_EXISTS");
    order.amount = 300;
    await refused(create(500), "PAY_EXISTS");
    deafen(1);
    await refused(create(300), "PAY_CLOSING");
    world.bank.setFaults([]);
    assert.deepEqual(await create(300), { id });
    await assert.rejects(world.bank.pay(outTradeNo));
    await refused(create(300), "PAY_EXISTS");
    await world.bank.pay((await prepay(id)).outTradeNo);
    await world.client.sync(call(), { id });
    await world.untilPay(id, { status: 1, amount: 300 });
    await refused(create(300), "PAY_EXISTS");
  });

  it("money of the old amount that was quicker than the new one is held, since the order costs something else", async () => {
    const { id, order } = await world.openPay();
    await world.bank.pay((await prepay(id)).outTradeNo);
    order.amount = 300;
    await refused(world.client.create(call(), { uid: 1, oid: order.id, amount: 300 }), "PAY_EXISTS");
    await world.untilPay(id, { status: 5, amount: 500, heldReason: "ORDER_AMOUNT_CHANGED" });
  });
});
