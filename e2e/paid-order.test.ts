import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { backgroundCall } from "@mall/kit/call";
import { connectRpcClient } from "@mall/kit/rpc";
import { systemRuntime } from "@mall/kit/runtime";
import { OrderService } from "@mall/order/rpc";
import { startTestMall, type TestMall } from "./support/mall.ts";
import { gatewayUrls, newCustomer, type Person, personOfRole } from "./support/people.ts";
import { reasonOf } from "./support/refusals.ts";
import { openPay, orderOne, PRICE, putUp, success } from "./support/shop.ts";
import { assertVerified } from "./support/verified.ts";

describe("a paid order", () => {
  let mall: TestMall;
  let admin: Person;
  let customer: Person;
  let gateway: Person;

  before(async () => {
    mall = await startTestMall();
    const urls = gatewayUrls(mall.url);
    admin = await newCustomer(urls);
    customer = await newCustomer(urls);
    gateway = personOfRole(urls, "gateway");
  });
  after(() => mall.stop());

  it("gets its payment from the next callback where the first broke off after the order", async () => {
    const oid = await orderOne(customer, await putUp(admin, 1));
    const id = await openPay(customer, oid);
    const orderRpc = connectRpcClient({
      definition: OrderService,
      endpoints: [mall.address("order.rpc")],
      timeoutMs: 2000,
      runtime: systemRuntime,
    });
    // The first step of a callback; the process that made it is gone before the second.
    await orderRpc.client.paid(backgroundCall(), { id: oid });
    orderRpc.close();
    assert.equal((await customer.pay.detail({ id })).status, 0);
    await gateway.pay.callback(success({ id, uid: customer.uid, oid }));
    assert.deepEqual(
      [(await customer.order.detail({ id: oid })).status, (await customer.pay.detail({ id })).status],
      [1, 1],
    );
  });

  it("takes no other amount, no cancellation, no removal and no second payment", async () => {
    const oid = await orderOne(customer, await putUp(admin, 1));
    await gateway.pay.callback(success({ id: await openPay(customer, oid), uid: customer.uid, oid }));
    const conflict = "ORDER_STATE_CONFLICT";
    assert.equal(await reasonOf(admin.order.update({ id: oid, amount: PRICE + 1 })), conflict);
    assert.equal(await reasonOf(customer.order.update({ id: oid, status: 9 })), conflict);
    assert.equal(await reasonOf(customer.order.remove({ id: oid })), conflict);
    assert.equal(await reasonOf(openPay(customer, oid)), "PAY_EXISTS");
    const order = await customer.order.detail({ id: oid });
    assert.deepEqual([order.amount, order.status], [PRICE, 1]);
  });

  it("costs what was paid for it: a new price closes what is open at the old one", async () => {
    const oid = await orderOne(customer, await putUp(admin, 1));
    const id = await openPay(customer, oid);
    await customer.pay.prepay({ id, channel: "sandbox" });
    await admin.order.update({ id: oid, amount: PRICE - 100 });
    assert.equal((await customer.pay.detail({ id })).amount, PRICE - 100);
    const form = { id: oid, uid: customer.uid, amount: PRICE, status: 0 };
    assert.equal(await reasonOf(admin.order.update(form)), "ORDER_CHANGED");
    assert.equal(
      await reasonOf(admin.order.update({ id: oid, amount: 1, expectedAmount: PRICE })),
      "ORDER_CHANGED",
    );
    const told = await gateway.pay.callback(success({ id, uid: customer.uid, oid }));
    assert.deepEqual(told, { outcome: "held", heldReason: "AMOUNT_MISMATCH" });
    assert.equal((await customer.order.detail({ id: oid })).status, 0);
    assert.equal(await reasonOf(admin.order.update({ id: oid, amount: PRICE })), "PAY_HELD");
    assert.deepEqual(
      (await admin.pay.list({ status: 5 })).map((pay) => pay.id),
      [id],
    );
    await admin.pay.resolve({ id, decision: "accept" });
    const [order, pay] = [await customer.order.detail({ id: oid }), await customer.pay.detail({ id })];
    assert.deepEqual([order.status, order.amount, pay.status, pay.amount], [1, PRICE - 100, 1, PRICE - 100]);
  });

  it("leaves payments, orders and stock that say the same", () => assertVerified(mall.dataSource));
});
