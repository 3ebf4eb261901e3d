import assert from "node:assert/strict";
import { it } from "node:test";
import { forEachDatabase } from "@mall/kit/testing";
import { startTestMall } from "./support/mall.ts";
import { gatewayUrls, newCustomer } from "./support/people.ts";
import { reasonOf } from "./support/refusals.ts";
import { assertVerified } from "./support/verified.ts";

forEachDatabase("an order that costs nothing", (databases) => {
  it("is paid by opening its payment, once and without a channel; nothing is given back of it", async () => {
    const dataSource = await databases.createDataSource();
    const mall = await startTestMall({ dataSource });
    try {
      const urls = gatewayUrls(mall.url);
      const admin = await newCustomer(urls); // the first user of a fresh mall
      const buyer = await newCustomer(urls);
      const gift = { name: "样品", desc: "", stock: 3, amount: 0, status: 0 };
      const { id: pid } = await admin.product.create(gift);
      const { uid } = buyer;
      const { id: oid } = await buyer.order.create({ uid, pid, amount: 0 });
      const { id } = await buyer.pay.create({ uid, oid, amount: 0 });
      const paid = await buyer.pay.detail({ id });
      assert.deepEqual([paid.status, paid.amount], [1, 0]);
      assert.ok(paid.paidTime > 0);

      const callback = { id, uid, oid, amount: 0, source: 1 as const, status: 1 };
      assert.deepEqual(await admin.pay.callback(callback), {});
      assert.equal(await reasonOf(buyer.pay.create({ uid, oid, amount: 0 })), "PAY_EXISTS");
      assert.equal(await reasonOf(buyer.pay.prepay({ id, channel: "sandbox" })), "PAY_ALREADY_PAID");
      assert.equal(await reasonOf(buyer.pay.prepay({ id, channel: "none" })), "INVALID_FIELD");
      assert.equal(await reasonOf(buyer.pay.close({ id })), "PAY_ALREADY_PAID");
      const refund = { id, refundNo: "gift-1", amount: 1 };
      assert.equal(await reasonOf(admin.pay.refund(refund)), "REFUND_EXCEEDS");
      assert.deepEqual(await buyer.pay.detail({ id }), paid);
      await assertVerified(dataSource, { initial: new Map([[pid, 3]]) });
      assert.equal((await buyer.order.detail({ id: oid })).status, 1);
      assert.equal((await admin.product.detail({ id: pid })).stock, 2);
    } finally {
      await mall.stop();
    }
  });
});
