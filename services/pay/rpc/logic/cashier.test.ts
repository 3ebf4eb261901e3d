import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { forEachDatabase } from "@mall/kit/testing";
import { call, openPayWorld, type PayWorld, refused } from "../test-pay-world.ts";
import { cashier } from "./cashier.ts";

const HOUR_MS = 3_600_000;

forEachDatabase("what a cashier shows", (databases) => {
  let world: PayWorld;
  before(async () => {
    world = await openPayWorld(databases);
  });
  after(() => world.close());

  const see = (id: number) => world.client.cashier(call(), { id });
  const stateOf = async (id: number) => (await see(id)).state;
  const prepay = (id: number) => world.client.prepay(call(), { id, channel: "sandbox" });

  it("is what is to be paid, until when by the mall's clock, and by which channels", async () => {
    const { id, order } = await world.openPay();
    const { now, ...seen } = await see(id);
    const { expireTime } = await world.client.detail(call(), { id });
    assert.deepEqual(seen, {
      id,
      oid: order.id,
      amount: order.amount,
      currency: "CNY",
      state: "open",
      expireTime,
      waiting: false,
      attempts: 0,
      channels: [{ name: "sandbox", source: 8, products: ["page"] }],
    });
    assert.ok(Math.abs(now - world.runtime.now()) < HOUR_MS);
    await refused(see(2 ** 40), "PAY_NOT_FOUND");
  });

  it("has no channel that takes another currency only", async () => {
    const { id } = await world.openPay();
    const [sandbox = assert.fail()] = world.context.channels.values();
    const channels = new Map([
      ["sandbox", sandbox],
      ["yen", { ...sandbox, name: "yen", currency: "JPY" }],
      ["yuan", { ...sandbox, name: "yuan", currency: "CNY" }],
    ]);
    const seen = await cashier({ ...world.context, channels }, call(), { id });
    assert.deepEqual(
      seen.channels.map(({ name }) => name),
      ["sandbox", "yuan"],
    );
  });

  it("is a payment that waits once an attempt is open, and paid once the money has come", async () => {
    const { id } = await world.openPay();
    const { outTradeNo } = await prepay(id);
    const { state, waiting, attempts } = await see(id);
    assert.deepEqual({ state, waiting, attempts }, { state: "open", waiting: true, attempts: 1 });
    await world.bank.pay(outTradeNo);
    await world.client.sync(call(), { id });
    assert.equal(await stateOf(id), "paid");
  });

  it("is no end while money may still be on its way, though the time is over and no channel answers", async () => {
    const { id } = await world.openPay();
    await prepay(id);
    world.bank.setFaults([
      { fault: "query.error-before", times: 1000 },
      { fault: "close.error-before", times: 1000 },
    ]);
    world.runtime.shift(HOUR_MS);
    assert.equal(await stateOf(id), "checking");
    world.bank.setFaults([]);
    await world.untilLater("it is closed", async () => (await stateOf(id)) === "closed");
  });

  it("is over where nobody had begun to pay in time", async () => {
    const { id } = await world.openPay();
    world.runtime.shift(HOUR_MS);
    assert.equal(await stateOf(id), "closed");
  });

  it("says where the order costs something else by now, is cancelled or gone", async () => {
    const { id, order } = await world.openPay();
    order.amount += 1;
    assert.equal(await stateOf(id), "changed");
    order.amount -= 1;
    order.status = 9;
    assert.equal(await stateOf(id), "closed");
    const gone = await world.openPay();
    world.orders.remove(gone.order.id);
    assert.equal(await stateOf(gone.id), "closed");
  });

  it("leads back only to where the configuration lets buyers go", async () => {
    const { id } = await world.openPay();
    await assert.rejects(world.client.cashier(call(), { id, returnUrl: "https://elsewhere.example/" }), {
      reason: "INVALID_FIELD",
      field: "returnUrl",
    });
  });
});
