import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { forEachDatabase } from "@mall/kit/testing";
import { startTestMall } from "./support/mall.ts";
import { type ApiUrls, gatewayUrls, newCustomer, personOfRole } from "./support/people.ts";
import { openPay, orderOne, PRICE, putUp, success } from "./support/shop.ts";
import { startSplitMall } from "./support/split.ts";

interface Placed {
  readonly urls: ApiUrls;
  stop(): Promise<void>;
}

const PLACEMENTS: Readonly<Record<string, (dataSource: string) => Promise<Placed>>> = {
  "all-in-one": async (dataSource) => {
    const mall = await startTestMall({ dataSource });
    return { urls: gatewayUrls(mall.url), stop: () => mall.stop() };
  },
  "eight processes": (dataSource) => startSplitMall({ dataSource }),
};

forEachDatabase("the seed's journey", (databases) => {
  for (const [name, start] of Object.entries(PLACEMENTS)) {
    describe(name, () => {
      let placed: Placed;

      before(async () => {
        placed = await start(await databases.createDataSource());
      });
      after(() => placed.stop());

      it("ends with a paid order", () => playJourney(placed.urls));
    });
  }
});

async function playJourney(urls: ApiUrls): Promise<void> {
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
}
