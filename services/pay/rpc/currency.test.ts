import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { checkConfig } from "@mall/kit/config";
import { forEachDatabase } from "@mall/kit/testing";
import { payRpcBlock } from "./config.ts";
import { assertBooks, call, openPayWorld, type PayWorld } from "./test-pay-world.ts";

forEachDatabase("a shop of another currency", (databases) => {
  let world: PayWorld;
  before(async () => {
    world = await openPayWorld(databases, { Currency: "USD" });
  });
  after(() => world.close());

  it("opens payments in it, takes that money, and holds every other", async () => {
    const paidBy = async (money: object) => {
      const { id } = await world.openPay();
      const { outTradeNo } = await world.client.prepay(call(), { id, channel: "sandbox" });
      await world.bank.pay(outTradeNo, money);
      await world.client.sync(call(), { id });
      const { status, currency, heldReason } = await world.client.detail(call(), { id });
      return { status, currency, heldReason };
    };
    assert.deepEqual(await paidBy({}), { status: 1, currency: "USD", heldReason: "" });
    await assertBooks(world, { "channel:sandbox": -497, fees: -3, sales: 500 });
    const entries = await world.context.ledger.findMany((query) => query);
    assert.ok(entries.every(({ currency }) => currency === "USD"));
    const held = { status: 5, currency: "USD", heldReason: "CURRENCY_MISMATCH" };
    assert.deepEqual(await paidBy({ currency: "CNY" }), held);
  });
});

it("a shop's currency is CNY unless it says another of ISO 4217", () => {
  const read = (values: object) => checkConfig("(test)", values, payRpcBlock).Currency;
  assert.equal(read({}), "CNY");
  assert.equal(read({ Currency: "KWD" }), "KWD");
  for (const Currency of ["usd", "XXZ", "", "US", 840]) {
    assert.throws(() => read({ Currency }), { reason: "CONFIG_UNUSABLE", message: /Currency/ });
  }
});
