import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { databasesUnderTest } from "./support/databases.ts";
import { startTestMall } from "./support/mall.ts";
import type { ApiUrls } from "./support/people.ts";
import { gatewayUrls, newCustomer, personOfRole } from "./support/people.ts";
import { openPay, orderOne, PRICE, putUp, success } from "./support/shop.ts";
import { startSplitMall } from "./support/split.ts";

interface Placement {
  readonly name: string;
  readonly skipped: string | false;
  start(): Promise<{ urls: ApiUrls; stop(): Promise<void> }>;
}

const placements: Placement[] = databasesUnderTest.flatMap((database) => [
  {
    name: `all-in-one on ${database.name}`,
    skipped: database.skipped,
    start: async () => {
      const mall = await startTestMall({ dataSource: await database.open() });
      return { urls: gatewayUrls(mall.url), stop: () => mall.stop() };
    },
  },
  {
    name: `eight processes on ${database.name}`,
    skipped: database.skipped,
    start: async () => startSplitMall({ dataSource: await database.open() }),
  },
]);

for (const placement of placements) {
  describe(`the seed's journey, ${placement.name}`, { skip: placement.skipped }, () => {
    let urls: ApiUrls;
    let stop: () => Promise<void>;

    before(async () => {
      ({ urls, stop } = await placement.start());
    });
    after(() => stop());

    it("ends with a paid order", async () => {
      const staff = personOfRole(urls, "staff");
      const gateway = personOfRole(urls, "gateway");
      const customer = await newCustomer(urls);
      const { uid } = customer;
      const me = await customer.user.userInfo();
      assert.deepEqual({ id: me.id, name: me.name, gender: me.gender }, { id: uid, name: "ving", gender: 1 });
      const pid = await putUp(staff, 3);
      const oid = await orderOne(customer, pid);
      assert.equal((await customer.product.detail({ id: pid })).stock, 2);
      const id = await openPay(customer, oid);
      assert.deepEqual(await customer.pay.detail({ id }), {
        id,
        uid,
        oid,
        amount: PRICE,
        source: 0,
        status: 0,
      });
      assert.deepEqual(await gateway.pay.callback(success({ id, uid, oid })), {});
      assert.deepEqual(await customer.pay.detail({ id }), {
        id,
        uid,
        oid,
        amount: PRICE,
        source: 1,
        status: 1,
      });
      assert.deepEqual(await customer.order.list({ uid }), [{ id: oid, uid, pid, amount: PRICE, status: 1 }]);
    });
  });
}
