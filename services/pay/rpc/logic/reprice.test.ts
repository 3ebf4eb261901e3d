import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { forEachDatabase } from "@mall/kit/testing";
import { call, openPayWorld, type PayWorld, refused } from "../test-pay-world.ts";

forEachDatabase("a payment whose order gets another amount", (databases) => {
  let world: PayWorld;
  before(async () => {
    world = await openPayWorld(databases);
  });
  after(() => world.close());

  const prepay = (id: number) => world.client.prepay(call(), { id, channel: "sandbox" });
  const reprice = (oid: number) => world.client.reprice(call(), { oid });

  it("has nothing open at the old one before, and asks for the new one after", async () => {
    const { id, order } = await world.openPay();
    const old = await prepay(id);
    await reprice(order.id);
    await assert.rejects(world.bank.pay(old.outTradeNo));
    await world.untilPay(id, { status: 0, amount: 500 });
    const between = await prepay(id);
    order.amount = 300;
    await reprice(order.id);
    await assert.rejects(world.bank.pay(between.outTradeNo));
    await world.untilPay(id, { status: 0, amount: 300 });
    const { outTradeNo } = await prepay(id);
    assert.equal((await world.bank.trade(outTradeNo))?.amount, 300);
  });

  it("takes none while a channel does not say that it is closed", async () => {
    const { id, order } = await world.openPay();
    await prepay(id);
    world.bank.setFaults([{ fault: "query.error-before", times: 1 }]);
    order.amount = 300;
    await refused(reprice(order.id), "PAY_CLOSING");
    await world.untilPay(id, { status: 0, amount: 500 });
    await reprice(order.id);
    await world.untilPay(id, { status: 0, amount: 300 });
  });

  it("takes none once its money has come or is held, or its time is over", async () => {
    const paid = await world.openPay();
    await world.bank.pay((await prepay(paid.id)).outTradeNo);
    await refused(reprice(paid.order.id), "PAY_ALREADY_PAID");
    await world.untilPay(paid.id, { status: 1 });
    const held = await world.openPay();
    const callback = { id: held.id, uid: 1, oid: held.order.id, amount: 1, source: 1, status: 1 };
    assert.deepEqual(await world.client.callback(call(), callback), {
      outcome: "held",
      heldReason: "AMOUNT_MISMATCH",
    });
    await refused(reprice(held.order.id), "PAY_HELD");
  });

  it("is none of its business where there is no payment, or it is closed", async () => {
    assert.deepEqual(await reprice(world.orders.add().id), {});
    const { id, order } = await world.openPay();
    await world.client.close(call(), { id });
    assert.deepEqual(await reprice(order.id), {});
  });
});
