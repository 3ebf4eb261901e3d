import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { AppError } from "@mall/kit/errors";
import { forEachDatabase } from "@mall/kit/testing";
import { assertBooks, call, openPayWorld, type PayWorld } from "../test-pay-world.ts";

forEachDatabase("callbacks", (databases) => {
  let world: PayWorld;
  before(async () => {
    world = await openPayWorld(databases);
  });
  after(() => world.close());

  const success = (id: number, oid: number, source = 1) => ({
    ...{ id, oid, uid: 1, amount: 500, source, status: 1 },
  });

  it("one of many at once is the success, whatever the process, and the order hears of it once", async () => {
    const { id, order } = await world.openPay();
    const other = await world.replica();
    const clients = [world.client, other.client];
    const requests = Array.from({ length: 20 }, (_, index) => success(id, order.id, (index % 2) + 1));
    const outcomes = await Promise.allSettled(
      requests.map((request, index) => clients[index % 3 === 0 ? 0 : 1]?.callback(call(), request)),
    );
    const refusals = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    assert.equal(refusals.length, 10);
    assert.ok(refusals.every((error) => error instanceof AppError && error.reason === "PAY_STATE_CONFLICT"));
    await world.until("the order is paid", () => order.status === 1);
    assert.deepEqual(
      world.orders.calls.filter((line) => line === `paid ${order.id}`),
      [`paid ${order.id}`],
    );
    await assertBooks(world, { sales: 500 });
  });

  it("the order is told until it hears, and the answer does not wait for that", async () => {
    const { id, order } = await world.openPay();
    world.orders.fail(3);
    await world.client.callback(call(), success(id, order.id));
    await world.untilPay(id, { status: 1, source: 1, refundingAmount: 0 });
    const told = () => world.orders.calls.filter((line) => line === `paid ${order.id}`);
    await world.until("the order has answered", () => told().length === 4);
    assert.equal(order.status, 1);
  });

  it("money for a cancelled order brings it back", async () => {
    const { id, order } = await world.openPay();
    order.status = 9;
    world.orders.stock = 1;
    await world.client.callback(call(), success(id, order.id));
    assert.equal(order.status, 1);
    assert.equal(world.orders.stock, 0);
  });

  it("money for an order that cannot be had waits for somebody who sends it back, once", async () => {
    const { id, order } = await world.openPay();
    order.status = 9;
    await world.client.callback(call(), success(id, order.id));
    await world.client.callback(call(), success(id, order.id));
    await world.untilPay(id, { status: 1, refundingAmount: 500, refundedAmount: 0 });
    const refunds = await world.context.refundModel.findMany((query) => query.where("pay_id", "=", id));
    assert.deepEqual(
      refunds.map(({ amount, cause, state }) => [amount, cause, state]),
      [[500, "order_gone", 4]],
    );
  });

  it("a success that a Go process wrote is completed by its callback, and stands in the books then", async () => {
    const { id, order } = await world.openPay();
    await world.database.write({
      sql: "UPDATE pay SET status = 1, source = 1 WHERE id = ?",
      parameters: [id],
    });
    await world.client.callback(call(), success(id, order.id));
    assert.equal(order.status, 1);
    const entries = await world.context.ledger.findMany((query) => query.where("pay_id", "=", id));
    assert.deepEqual(
      entries.map(({ account, debit, credit }) => [account, debit, credit]),
      [
        ["channel:callback", 500, 0],
        ["sales", 0, 500],
      ],
    );
  });

  it("a refused one changes nothing", async () => {
    const { id, order } = await world.openPay();
    await world.database.write({ sql: "UPDATE pay SET amount = 400 WHERE id = ?", parameters: [id] });
    await assert.rejects(world.client.callback(call(), success(id, order.id)), /支付金额/);
    await world.untilPay(id, { status: 0, source: 0, paidTime: 0 });
    assert.deepEqual(await world.context.attemptModel.findByPay(id), []);
  });
});
