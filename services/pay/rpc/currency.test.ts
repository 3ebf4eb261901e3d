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

  const payBy = async (money: object): Promise<number> => {
    const { id } = await world.openPay();
    const { outTradeNo } = await world.client.prepay(call(), { id, channel: "sandbox" });
    await world.bank.pay(outTradeNo, money);
    await world.client.sync(call(), { id });
    return id;
  };

  it("opens payments in it, takes that money, and holds every other", async () => {
    const paidBy = async (money: object) => {
      const id = await payBy(money);
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

  it("tells of a refund in the currency of the money that goes back", async () => {
    const id = await payBy({ currency: "CNY" });
    await world.client.resolve(call(), { id, decision: "refund" });
    const search = { id, text: "", channel: "", cause: "", before: 0, limit: 0 };
    const [found] = (await world.client.refundSearch(call(), search)).refunds;
    assert.equal(found?.currency, "CNY");
    const detail = await world.client.refundDetail(call(), { refundNo: found?.refundNo ?? "" });
    assert.equal(detail.currency, "CNY");
    const listed = await world.client.refundList(call(), { before: "", limit: 1 });
    assert.deepEqual(
      listed.data.map(({ currency }) => currency),
      ["CNY"],
    );
    const { events } = await world.client.timeline(call(), { id });
    const told = events.filter(({ kind }) => kind === "refund").map(({ currency }) => currency);
    assert.deepEqual(new Set(told), new Set(["CNY"]));
    const own = await payBy({});
    const request = { id: own, refundNo: "R-USD", amount: 200, reason: "", requestedBy: 7 };
    assert.equal((await world.client.refund(call(), request)).currency, "USD");
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
