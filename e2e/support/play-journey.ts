import assert from "node:assert/strict";
import { type ApiUrls, newCustomer, personOfRole } from "./people.ts";
import { openPay, orderOne, PRICE, putUp, success } from "./shop.ts";

/** The seed's journey, checked at every step: a customer registers, orders and pays. */
export async function playJourney(urls: ApiUrls): Promise<void> {
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
  assert.partialDeepStrictEqual(await customer.pay.detail({ id }), {
    id,
    uid,
    oid,
    amount: PRICE,
    source: 0,
    status: 0,
  });
  assert.deepEqual(await gateway.pay.callback(success({ id, uid, oid })), {});
  assert.partialDeepStrictEqual(await customer.pay.detail({ id }), {
    id,
    uid,
    oid,
    amount: PRICE,
    source: 1,
    status: 1,
  });
  assert.deepEqual(await customer.order.list({ uid }), [{ id: oid, uid, pid, amount: PRICE, status: 1 }]);
}
