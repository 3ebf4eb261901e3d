import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import type { JobInfo } from "@mall/kit/jobs";
import { forEachDatabase } from "@mall/kit/testing";
import { call, openPayWorld, type PayWorld } from "../rpc/test-pay-world.ts";
import { orderPaid } from "./order-paid.ts";

forEachDatabase("an order's hearing that it is paid", (databases) => {
  let world: PayWorld;
  before(async () => {
    world = await openPayWorld(databases);
  });
  after(() => world.close());

  const attempt = (attempts: number): JobInfo => ({
    ...{ id: 1, attempts, createdAt: 0 },
    finish: () => assert.fail("telling an order ends no job"),
  });

  /** A payment whose order cannot be had, so that its money goes back, and then could be had again. */
  const payGone = async () => {
    const { id, order } = await world.openPay();
    order.status = 9;
    await world.client.callback(call(), { id, oid: order.id, uid: 1, amount: 500, source: 1, status: 1 });
    await world.untilPay(id, { status: 1, refundingAmount: 500 });
    world.orders.stock = 1;
    return { id, order };
  };

  it("is not tried again once its money goes back: by no later attempt, occasion or caller", async () => {
    const { id, order } = await payGone();
    const told = () => world.orders.calls.filter((line) => line.endsWith(` ${order.id}`)).length;
    const before = told();
    await orderPaid(world.context, call(), { payId: id }, attempt(2));
    await orderPaid(world.context, call(), { payId: id, after: "refund-1" }, attempt(1));
    await world.client.orderPaid(call(), { id });
    assert.deepEqual([order.status, world.orders.stock, told()], [9, 1, before]);
    world.orders.stock = 0;
  });

  it("is told by the first attempt", async () => {
    const { id, order } = await world.openPay();
    await world.database.write({ sql: "UPDATE pay SET status = 1 WHERE id = ?", parameters: [id] });
    await orderPaid(world.context, call(), { payId: id }, attempt(1));
    assert.equal(order.status, 1);
  });
});
