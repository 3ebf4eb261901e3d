import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { backgroundCall } from "@mall/kit/call";
import { connectRpcClient } from "@mall/kit/rpc";
import { systemRuntime } from "@mall/kit/runtime";
import { forEachDatabase, type TestDatabases } from "@mall/kit/testing";
import { ProductService } from "@mall/product/rpc";
import { forEachCache, type TestCache } from "./support/for-each-cache.ts";
import { startTestMall, type TestMall } from "./support/mall.ts";
import {
  type ApiUrls,
  gatewayUrls,
  newCustomer,
  newMobile,
  PASSWORD,
  type Person,
  personOfRole,
  personWithToken,
} from "./support/people.ts";
import { countOutcomes, reasonOf } from "./support/refusals.ts";
import { openPay, orderOne, PRICE, putUp, success } from "./support/shop.ts";
import { spawnMall } from "./support/spawned-mall.ts";
import { assertVerified } from "./support/verified.ts";

/** Each test names the weakness of the Go original that it would have caught (docs/compatibility.md). */
forEachDatabase("the seed's bugs", (databases) => {
  forEachCache((cache) => defineTests(databases, cache));
});

function defineTests(databases: TestDatabases, cache: TestCache): void {
  let mall: TestMall;
  let urls: ApiUrls;
  let admin: Person;
  let customer: Person;
  let gateway: Person;

  before(async () => {
    const dataSource = await databases.createDataSource();
    mall = await startTestMall({ dataSource, cacheRedis: cache.host });
    urls = gatewayUrls(mall.url);
    admin = await newCustomer(urls);
    customer = await newCustomer(urls);
    gateway = personOfRole(urls, "gateway");
  });
  after(() => mall.stop());

  it("1: the last piece can be sold, and only once", async () => {
    const pid = await putUp(admin, 1);
    await orderOne(customer, pid);
    assert.equal((await customer.product.detail({ id: pid })).stock, 0);
    assert.equal(await reasonOf(orderOne(customer, pid)), "STOCK_INSUFFICIENT");
  });

  it("2: zero and empty text are values that an update can set", async () => {
    const pid = await putUp(admin, 5);
    const expected = { expectedStock: 5, expectedAmount: PRICE };
    await admin.product.update({ id: pid, stock: 0, amount: 0, desc: "", status: 0, ...expected });
    const product = await customer.product.detail({ id: pid });
    assert.deepEqual(
      { stock: product.stock, amount: product.amount, desc: product.desc, name: product.name },
      { stock: 0, amount: 0, desc: "", name: "苹果" },
    );
  });

  it("3: an edit of the name does not undo sales made meanwhile", async () => {
    const pid = await putUp(admin, 40);
    const sales = Array.from({ length: 20 }, () => orderOne(customer, pid));
    const products = connectRpcClient({
      definition: ProductService,
      endpoints: [mall.address("product.rpc")],
      timeoutMs: 2000,
      runtime: systemRuntime,
    });
    const edits = Array.from({ length: 20 }, (_, index) =>
      products.client.update(backgroundCall(), { id: pid, name: `苹果${index}` }),
    );
    await Promise.all([...sales, ...edits]);
    products.close();
    assert.equal((await customer.product.detail({ id: pid })).stock, 20);
  });

  it("3: a form that was loaded before three sales and a new price brings back neither", async () => {
    const pid = await putUp(admin, 6);
    const { name, desc, stock, amount, status } = await admin.product.detail({ id: pid });
    const form = { id: pid, name, desc: "fresh", stock, amount, status };
    for (let sale = 0; sale < 3; sale += 1) await orderOne(customer, pid);
    assert.equal(await reasonOf(admin.product.update(form)), "PRODUCT_CHANGED");
    const { stock: _stock, ...withoutStock } = form;
    await admin.product.update({ id: pid, amount: PRICE + 1 });
    assert.equal(await reasonOf(admin.product.update(withoutStock)), "PRODUCT_CHANGED");
    await admin.product.update({ id: pid, status: 1 });
    assert.equal(await reasonOf(admin.product.update({ id: pid, desc, status: 0 })), "PRODUCT_CHANGED");
    assert.equal(await reasonOf(admin.product.update({ id: pid, stock: 6 })), "PRODUCT_CHANGED");
    await admin.product.update({ id: pid, stockChange: 4 });
    await admin.product.update({ ...form, stock: 8, expectedStock: 7, amount: PRICE + 1, status: 1 });
    const changed = { stock: 8, amount: PRICE + 1, status: 1, desc: "fresh" };
    assert.deepEqual(await admin.product.detail({ id: pid }), { id: pid, name, ...changed });
  });

  it("4: an order that cannot have its piece leaves no order behind", async () => {
    const pid = await putUp(admin, 0);
    const buyer = await newCustomer(urls);
    assert.equal(await reasonOf(orderOne(buyer, pid)), "STOCK_INSUFFICIENT");
    assert.deepEqual(await buyer.order.list({ uid: buyer.uid }), []);
  });

  it("5: a row that was looked for before it existed is found at once after it was made", async () => {
    const first = await putUp(admin, 1);
    assert.equal(await reasonOf(customer.product.detail({ id: first + 1 })), "PRODUCT_NOT_FOUND");
    const second = await putUp(admin, 1);
    assert.equal(second, first + 1);
    assert.equal((await customer.product.detail({ id: second })).id, second);
  });

  it("6, 8: two hundred creates for one order make one payment", async () => {
    const oid = await orderOne(customer, await putUp(admin, 1));
    const outcome = await countOutcomes(Array.from({ length: 200 }, () => openPay(customer, oid)));
    assert.deepEqual(outcome, { answered: 1, refused: 199, reasons: ["PAY_EXISTS"] });
    assert.equal(await reasonOf(openPay(customer, oid)), "PAY_EXISTS");
  });

  it("7: a payment's new state is seen at once", async () => {
    const oid = await orderOne(customer, await putUp(admin, 1));
    const id = await openPay(customer, oid);
    assert.equal((await customer.pay.detail({ id })).status, 0);
    await gateway.pay.callback(success({ id, uid: customer.uid, oid }));
    assert.equal((await customer.pay.detail({ id })).status, 1);
  });

  it("9: a payment must be of the order's amount, owner and of an unpaid order", async () => {
    const oid = await orderOne(customer, await putUp(admin, 1));
    const other = await newCustomer(urls);
    assert.equal(await reasonOf(other.pay.create({ uid: other.uid, oid, amount: PRICE })), "ORDER_NOT_FOUND");
    const wrong = customer.pay.create({ uid: customer.uid, oid, amount: PRICE - 1 });
    assert.equal(await reasonOf(wrong), "PAY_AMOUNT_MISMATCH");
    await customer.order.update({ id: oid, status: 9 });
    assert.equal(await reasonOf(openPay(customer, oid)), "ORDER_CANCELLED");
  });

  it("10: a callback pays only the order of its own payment, and only as paid", async () => {
    const pid = await putUp(admin, 2);
    const cheap = await orderOne(customer, pid);
    const dear = await orderOne(customer, pid);
    const id = await openPay(customer, cheap);
    const callback = success({ id, uid: customer.uid, oid: dear });
    assert.equal(await reasonOf(gateway.pay.callback(callback)), "ORDER_NOT_FOUND");
    const failed = { ...callback, oid: cheap, status: 2 };
    assert.equal(await reasonOf(gateway.pay.callback(failed)), "INVALID_FIELD");
    assert.equal(
      await reasonOf(gateway.pay.callback({ ...callback, oid: cheap, amount: 0 })),
      "PAY_AMOUNT_MISMATCH",
    );
    const little = { ...callback, oid: cheap, amount: 1 };
    const held = { outcome: "held", heldReason: "AMOUNT_MISMATCH" };
    assert.deepEqual(await gateway.pay.callback(little), held);
    assert.deepEqual(await gateway.pay.callback(little), held);
    assert.equal((await customer.order.detail({ id: dear })).status, 0);
    assert.equal((await customer.order.detail({ id: cheap })).status, 0);
    assert.deepEqual(await gateway.pay.callback({ ...callback, oid: cheap }), {});
    assert.deepEqual(await gateway.pay.callback({ ...callback, oid: cheap }), {});
    assert.equal((await customer.order.detail({ id: cheap })).status, 1);
  });

  it("10: a customer cannot declare a payment paid", async () => {
    const oid = await orderOne(customer, await putUp(admin, 1));
    const id = await openPay(customer, oid);
    const callback = success({ id, uid: customer.uid, oid });
    assert.equal(await reasonOf(customer.pay.callback(callback)), "ROLE_REQUIRED");
    assert.equal((await customer.pay.detail({ id })).status, 0);
  });

  it("11: money for a cancelled order takes a piece again, or goes back where there is none", async () => {
    const pid = await putUp(admin, 1);
    const pieces: number[] = [];
    for (const isSoldMeanwhile of [true, false]) {
      const oid = await orderOne(customer, pid);
      const id = await openPay(customer, oid);
      await customer.order.update({ id: oid, status: 9 });
      const other = isSoldMeanwhile ? await orderOne(customer, pid) : undefined;
      await gateway.pay.callback(success({ id, uid: customer.uid, oid }));
      const { status, refundingAmount } = await customer.pay.detail({ id });
      assert.deepEqual([status, refundingAmount], [1, isSoldMeanwhile ? PRICE : 0]);
      assert.equal((await customer.order.detail({ id: oid })).status, isSoldMeanwhile ? 9 : 1);
      pieces.push((await customer.product.detail({ id: pid })).stock);
      if (other !== undefined) await customer.order.update({ id: other, status: 9 });
    }
    assert.deepEqual(pieces, [0, 0]);
  });

  it("12: somebody else's rows answer as not found, and products are for staff", async () => {
    const pid = await putUp(admin, 3);
    const oid = await orderOne(customer, pid);
    const id = await openPay(customer, oid);
    const other = await newCustomer(urls);
    assert.equal(await reasonOf(other.order.detail({ id: oid })), "ORDER_NOT_FOUND");
    assert.equal(await reasonOf(other.order.update({ id: oid, status: 9 })), "ORDER_NOT_FOUND");
    assert.equal(await reasonOf(other.order.remove({ id: oid })), "ORDER_NOT_FOUND");
    assert.equal(await reasonOf(other.order.list({ uid: customer.uid })), "USER_NOT_FOUND");
    const forOther = other.order.create({ uid: customer.uid, pid, amount: PRICE });
    assert.equal(await reasonOf(forOther), "USER_NOT_FOUND");
    assert.equal(await reasonOf(other.pay.detail({ id })), "PAY_NOT_FOUND");
    assert.equal(await reasonOf(putUp(other, 1)), "ROLE_REQUIRED");
    assert.equal(await reasonOf(other.product.update({ id: pid, stock: 1 })), "ROLE_REQUIRED");
    assert.equal(await reasonOf(other.product.remove({ id: pid })), "ROLE_REQUIRED");
  });

  it("14: eight registrations of one mobile make one user and no database text", async () => {
    const mobile = newMobile();
    const request = { name: "twin", gender: 0, mobile, password: PASSWORD };
    const outcome = await countOutcomes(Array.from({ length: 8 }, () => customer.user.register(request)));
    assert.deepEqual(outcome, { answered: 1, refused: 7, reasons: ["USER_EXISTS"] });
  });

  it("15: guessing a password is stopped", async () => {
    const mobile = newMobile();
    await customer.user.register({ name: "safe", gender: 0, mobile, password: PASSWORD });
    for (let guess = 0; guess < 10; guess += 1) {
      const login = customer.user.login({ mobile, password: `guess${guess}` });
      assert.equal(await reasonOf(login), "WRONG_PASSWORD");
    }
    assert.equal(await reasonOf(customer.user.login({ mobile, password: "guess10" })), "LOGIN_LIMITED");
    assert.equal(await reasonOf(customer.user.login({ mobile, password: PASSWORD })), "LOGIN_LIMITED");
  });

  it("17: passwords and tokens are in no log, however much is logged", async () => {
    const talkative = await spawnMall({ logLevel: "debug" });
    const visitor = personWithToken(gatewayUrls(talkative.url), 0, "no-token-at-all");
    const mobile = newMobile();
    await visitor.user.register({ name: "quiet", gender: 0, mobile, password: "marker-password" });
    const { accessToken } = await visitor.user.login({ mobile, password: "marker-password" });
    assert.equal(await reasonOf(visitor.user.login({ mobile, password: "marker-guess" })), "WRONG_PASSWORD");
    assert.equal(await reasonOf(visitor.user.userInfo()), "TOKEN_INVALID");
    await talkative.stop();
    for (const secret of ["marker-", accessToken, "no-token-at-all"]) {
      assert.equal(talkative.output.includes(secret), false, `${secret} was logged`);
    }
  });

  it("18: the price is the product's", async () => {
    const pid = await putUp(admin, 1);
    const cheap = customer.order.create({ uid: customer.uid, pid, amount: 1 });
    assert.equal(await reasonOf(cheap), "PRICE_MISMATCH");
    const oid = await orderOne(customer, pid);
    assert.equal((await customer.order.detail({ id: oid })).amount, PRICE);
  });

  it("18: a new order is unpaid whatever the client says", async () => {
    const pid = await putUp(admin, 1);
    const { id } = await customer.order.create({ uid: customer.uid, pid, amount: PRICE, status: 1 });
    assert.equal((await customer.order.detail({ id })).status, 0);
  });

  it("19: a list is bounded, newest first, and can be paged", async () => {
    const buyer = await newCustomer(urls);
    const pid = await putUp(admin, 5);
    const made: number[] = [];
    for (let index = 0; index < 5; index += 1) made.push(await orderOne(buyer, pid));
    const page = await buyer.order.list({ uid: buyer.uid, limit: 2 });
    const next = await buyer.order.list({ uid: buyer.uid, limit: 2, before: page[1]?.id ?? 0 });
    assert.deepEqual(
      [...page, ...next].map((order) => order.id),
      made.toReversed().slice(0, 4),
    );
    assert.equal(await reasonOf(buyer.order.list({ uid: buyer.uid, limit: 501 })), "INVALID_FIELD");
  });

  it("20: pay detail tells the row's own id", async () => {
    const oid = await orderOne(customer, await putUp(admin, 1));
    const id = await openPay(customer, oid);
    assert.partialDeepStrictEqual(await customer.pay.detail({ id }), {
      id,
      uid: customer.uid,
      oid,
      amount: PRICE,
      source: 0,
      status: 0,
    });
  });

  it("21: an empty stock is a business refusal, not a failure of ours", async () => {
    const pid = await putUp(admin, 0);
    await assert.rejects(orderOne(customer, pid), { code: "ABORTED", message: "产品库存不足" });
  });

  it("22: refusals tell bad input, absence and conflict apart", async () => {
    const status = async (path: string, body: object): Promise<number> => {
      const headers = { "Content-Type": "application/json", Authorization: `Bearer ${customer.token}` };
      return (await fetch(mall.url + path, { method: "POST", headers, body: JSON.stringify(body) })).status;
    };
    assert.equal(await status("/api/order/detail", {}), 400);
    assert.equal(await status("/api/order/detail", { id: 999_999 }), 404);
    assert.equal(await status("/api/product/remove", { id: 1 }), 403);
    const pid = await putUp(admin, 0);
    assert.equal(await status("/api/order/create", { uid: customer.uid, pid, amount: PRICE }), 409);
  });

  it("23: a token without a numeric uid is refused, not a crash", async () => {
    const stranger = personWithToken(urls, 0, "eyJhbGciOiJIUzI1NiJ9.eyJ1aWQiOiJhIn0.x");
    assert.equal(await reasonOf(stranger.user.userInfo()), "TOKEN_INVALID");
  });

  it("25: a paid order cannot be removed, and a removed product keeps its orders", async () => {
    const pid = await putUp(admin, 2);
    const paid = await orderOne(customer, pid);
    const id = await openPay(customer, paid);
    await gateway.pay.callback(success({ id, uid: customer.uid, oid: paid }));
    assert.equal(await reasonOf(customer.order.remove({ id: paid })), "ORDER_STATE_CONFLICT");
    const unpaid = await orderOne(customer, pid);
    await admin.product.remove({ id: pid });
    assert.equal(await reasonOf(customer.product.detail({ id: pid })), "PRODUCT_NOT_FOUND");
    assert.equal(await reasonOf(orderOne(customer, pid)), "PRODUCT_NOT_FOUND");
    assert.equal((await customer.order.detail({ id: unpaid })).pid, pid);
    await customer.order.remove({ id: unpaid });
    assert.equal(await reasonOf(customer.order.detail({ id: unpaid })), "ORDER_NOT_FOUND");
  });

  it("31: a mobile is matched byte by byte", async () => {
    const mobile = newMobile();
    await customer.user.register({ name: "exact", gender: 0, mobile, password: PASSWORD });
    assert.equal(
      await reasonOf(customer.user.login({ mobile: `${mobile} `, password: PASSWORD })),
      "USER_NOT_FOUND",
    );
    const padded = { name: "pad", gender: 0, mobile: `${mobile} `, password: PASSWORD };
    assert.equal(await reasonOf(customer.user.register(padded)), "INVALID_FIELD");
  });

  it("all of it leaves payments, orders and stock that say the same", () => assertVerified(mall.dataSource));
}
