import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Database } from "@mall/kit/store";
import { forEachDatabase } from "@mall/kit/testing";
import { fingerprint } from "./support/database-state.ts";
import { newKey, sendKeyed } from "./support/keyed-request.ts";
import { startTestMall, type TestMall } from "./support/mall.ts";
import { gatewayUrls, newCustomer, type Person, personOfRole } from "./support/people.ts";
import { countOutcomes } from "./support/refusals.ts";
import { openPay, orderOne, PRICE, putUp, success } from "./support/shop.ts";

/** What a refused request must leave as it is. Jobs and sagas of earlier ones may still be on their way. */
const TABLES = [
  "user",
  "product",
  "order",
  "pay",
  "pay_attempt",
  "pay_refund",
  "ledger_entry",
  "idempotency",
];
/** Amounts that no contract takes. */
const NO_AMOUNTS: readonly unknown[] = [-1, 4294967296, 0.5, 2 ** 53, "500", null, true, [PRICE]];

/** Somebody with an order in each state that matters, and the payments of those. */
interface Buyer {
  readonly person: Person;
  /** Unpaid, without a payment. */
  readonly fresh: number;
  readonly open: { readonly oid: number; readonly id: number };
  readonly paid: { readonly oid: number; readonly id: number };
  readonly cancelled: { readonly oid: number; readonly id: number };
  readonly closed: { readonly oid: number; readonly id: number };
}

/** A request that must be refused. */
interface Refusal {
  readonly what: string;
  readonly path: string;
  readonly body: object;
  readonly status: number;
  readonly reason: string;
  /** Who sends it; the buyer unless it says otherwise. */
  readonly by?: Person;
}

forEachDatabase("a request about money that is wrong or foreign", (databases) => {
  let mall: TestMall;
  let database: Database;
  let pid: number;
  let staff: Person;
  let gateway: Person;
  let buyer: Buyer;
  let victim: Buyer;

  before(async () => {
    const dataSource = await databases.createDataSource();
    mall = await startTestMall({ dataSource, mode: "pro", blocks: { Sandbox: { Enabled: true } } });
    database = await databases.open({ dataSource });
    const urls = gatewayUrls(mall.url);
    staff = personOfRole(urls, "staff", 90_001);
    gateway = personOfRole(urls, "gateway", 90_002);
    pid = await putUp(staff, 100);
    buyer = await createBuyer(await newCustomer(urls));
    victim = await createBuyer(await newCustomer(urls));
  });
  after(() => mall.stop());

  async function createBuyer(person: Person): Promise<Buyer> {
    const { uid } = person;
    const withPay = async () => {
      const oid = await orderOne(person, pid);
      return { oid, id: await openPay(person, oid) };
    };
    const [fresh, open] = [await orderOne(person, pid), await withPay()];
    const [paid, cancelled, closed] = [await withPay(), await withPay(), await withPay()];
    await gateway.pay.callback(success({ ...paid, uid }));
    await person.order.update({ id: cancelled.oid, status: 9 });
    await person.pay.close({ id: closed.id });
    return { person, fresh, open, paid, cancelled, closed };
  }

  /** Every one is refused with its status and reason, with a key and without, and nothing has changed. */
  async function assertRefused(refusals: readonly Refusal[]): Promise<void> {
    const known = await fingerprint(database, TABLES);
    for (const { what, path, body, status, reason, by = buyer.person } of refusals) {
      for (const key of [undefined, newKey()]) {
        const answer = await sendKeyed(mall.url, { path, body, token: by.token, key });
        const seen = JSON.parse(answer.text) as { reason?: string; msg?: string };
        assert.deepEqual([answer.status, seen.reason], [status, reason], `${what}: ${answer.text}`);
        assert.ok((seen.msg ?? "") !== "", what);
      }
    }
    assert.equal(await fingerprint(database, TABLES), known);
  }

  const invalid = (path: string, body: object, field: string, by?: Person): Refusal[] =>
    NO_AMOUNTS.map((value) => ({
      what: `${path} with ${field} ${JSON.stringify(value)}`,
      path,
      body: { ...body, [field]: value },
      status: 400,
      reason: "INVALID_FIELD",
      ...(by !== undefined && { by }),
    }));

  it("creates no order: price, person and product must be right", async () => {
    const path = "/api/order/create";
    const { uid } = buyer.person;
    const body = { uid, pid, amount: PRICE };
    const removed = await putUp(staff, 1);
    await staff.product.remove({ id: removed });
    const offShelf = await putUp(staff, 1);
    await staff.product.update({ id: offShelf, stock: 1, status: 1 });
    const soldOut = await putUp(staff, 0);
    await assertRefused([
      ...invalid(path, body, "amount"),
      ...[0, PRICE - 1, PRICE + 1].map((amount) => ({
        what: `a price of ${amount}`,
        path,
        body: { ...body, amount },
        status: 400,
        reason: "PRICE_MISMATCH",
      })),
      {
        what: "another's uid",
        path,
        body: { ...body, uid: victim.person.uid },
        status: 404,
        reason: "USER_NOT_FOUND",
      },
      {
        what: "no such product",
        path,
        body: { ...body, pid: 999_999 },
        status: 404,
        reason: "PRODUCT_NOT_FOUND",
      },
      {
        what: "a removed product",
        path,
        body: { ...body, pid: removed },
        status: 404,
        reason: "PRODUCT_NOT_FOUND",
      },
      {
        what: "an off-shelf product",
        path,
        body: { ...body, pid: offShelf },
        status: 400,
        reason: "PRODUCT_OFF_SHELF",
      },
      { what: "no stock", path, body: { ...body, pid: soldOut }, status: 409, reason: "STOCK_INSUFFICIENT" },
    ]);
  });

  it("changes no order: not its price, owner or product, not one that is settled, nobody else's", async () => {
    const path = "/api/order/update";
    const id = buyer.open.oid;
    const conflict = { status: 409, reason: "ORDER_STATE_CONFLICT" };
    const missing = { status: 404, reason: "ORDER_NOT_FOUND" };
    await assertRefused([
      ...invalid(path, { id }, "amount", staff).filter(({ what }) => !what.endsWith("null")),
      { what: "a customer's own price", path, body: { id, amount: 1 }, status: 403, reason: "ROLE_REQUIRED" },
      {
        what: "another owner",
        path,
        body: { id, uid: victim.person.uid },
        status: 400,
        reason: "ORDER_FIXED",
      },
      { what: "another product", path, body: { id, pid: pid + 1 }, status: 400, reason: "ORDER_FIXED" },
      { what: "paid by hand", path, body: { id, status: 1 }, ...conflict },
      { what: "paid by staff's hand", path, body: { id, status: 1 }, ...conflict, by: staff },
      { what: "refunded by hand", path, body: { id, status: 2 }, ...conflict, by: staff },
      { what: "a paid one cancelled", path, body: { id: buyer.paid.oid, status: 9 }, ...conflict },
      { what: "a paid one's price", path, body: { id: buyer.paid.oid, amount: 1 }, ...conflict, by: staff },
      {
        what: "a cancelled one unpaid again",
        path,
        body: { id: buyer.cancelled.oid, status: 0 },
        ...conflict,
      },
      { what: "another's", path, body: { id: victim.open.oid, status: 9 }, ...missing },
      { what: "a paid one removed", path: "/api/order/remove", body: { id: buyer.paid.oid }, ...conflict },
      { what: "another's removed", path: "/api/order/remove", body: { id: victim.open.oid }, ...missing },
    ]);
  });

  it("opens no payment: order, owner, state and amount must be right", async () => {
    const path = "/api/pay/create";
    const { uid } = buyer.person;
    const body = { uid, oid: buyer.fresh, amount: PRICE };
    await assertRefused([
      ...invalid(path, body, "amount"),
      ...[0, PRICE - 1, PRICE + 1, 4294967295].map((amount) => ({
        what: `an amount of ${amount}`,
        path,
        body: { ...body, amount },
        status: 400,
        reason: "PAY_AMOUNT_MISMATCH",
      })),
      {
        what: "another's order",
        path,
        body: { ...body, oid: victim.fresh },
        status: 404,
        reason: "ORDER_NOT_FOUND",
      },
      {
        what: "another's uid",
        path,
        body: { ...body, uid: victim.person.uid },
        status: 404,
        reason: "USER_NOT_FOUND",
      },
      {
        what: "no such order",
        path,
        body: { ...body, oid: 999_999 },
        status: 404,
        reason: "ORDER_NOT_FOUND",
      },
      {
        what: "a second one",
        path,
        body: { ...body, oid: buyer.open.oid },
        status: 409,
        reason: "PAY_EXISTS",
      },
      {
        what: "one for a paid order",
        path,
        body: { ...body, oid: buyer.paid.oid },
        status: 409,
        reason: "PAY_EXISTS",
      },
    ]);
  });

  it("opens nothing on a channel: the payment must be one's own and wait for money, the channel be there", async () => {
    const path = "/api/pay/prepay";
    const channel = "sandbox";
    const body = { id: buyer.open.id, channel };
    const missing = { status: 404, reason: "PAY_NOT_FOUND" };
    await assertRefused([
      ...["", "alipay", "SANDBOX", "__proto__", "x".repeat(10_000)].map((name) => ({
        what: `the channel ${name.slice(0, 20)}`,
        path,
        body: { ...body, channel: name },
        status: 400,
        reason: "INVALID_FIELD",
      })),
      { what: "no such payment", path, body: { ...body, id: 999_999 }, ...missing },
      { what: "another's payment", path, body: { ...body, id: victim.open.id }, ...missing },
      { what: "a gateway", path, body, ...missing, by: gateway },
      {
        what: "a paid one",
        path,
        body: { id: buyer.paid.id, channel },
        status: 409,
        reason: "PAY_ALREADY_PAID",
      },
      {
        what: "a closed one",
        path,
        body: { id: buyer.closed.id, channel },
        status: 409,
        reason: "PAY_CLOSED",
      },
      {
        what: "one of a cancelled order",
        path,
        body: { id: buyer.cancelled.id, channel },
        status: 409,
        reason: "ORDER_CANCELLED",
      },
    ]);
  });

  it("closes no payment but one's own that waits for money", async () => {
    const path = "/api/pay/close";
    const missing = { status: 404, reason: "PAY_NOT_FOUND" };
    await assertRefused([
      { what: "no such payment", path, body: { id: 999_999 }, ...missing },
      { what: "another's payment", path, body: { id: victim.open.id }, ...missing },
      { what: "another's, by a gateway", path, body: { id: victim.open.id }, ...missing, by: gateway },
      { what: "a paid one", path, body: { id: buyer.paid.id }, status: 409, reason: "PAY_ALREADY_PAID" },
      { what: "another's asked about", path: "/api/pay/sync", body: { id: victim.open.id }, ...missing },
    ]);
  });

  it("sends nothing back: staff must ask, for money that is there, under a number of its own", async () => {
    const path = "/api/pay/refund";
    const body = { id: buyer.paid.id, refundNo: newKey(), amount: 1 };
    const forbidden = { status: 403, reason: "ROLE_REQUIRED" };
    const refundNo = newKey();
    await staff.pay.refund({ id: victim.paid.id, refundNo, amount: PRICE - 1 });
    const by = staff;
    const notRefundable = { status: 409, reason: "PAY_NOT_REFUNDABLE", by };
    const exceeds = { status: 400, reason: "REFUND_EXCEEDS", by };
    const taken = { status: 409, reason: "REFUND_NO_USED", by };
    await assertRefused([
      { what: "a customer's own wish", path, body, ...forbidden },
      { what: "a gateway's wish", path, body, ...forbidden, by: gateway },
      ...invalid(path, body, "amount", by).filter(({ what }) => !what.endsWith("4294967296")),
      { what: "nothing", path, body: { ...body, amount: 0 }, status: 400, reason: "INVALID_FIELD", by },
      ...["", "a b", "x".repeat(65), "退款", "../x"].map((no) => ({
        what: `the number ${no}`,
        path,
        body: { ...body, refundNo: no },
        status: 400,
        reason: "INVALID_FIELD",
        by,
      })),
      { what: "more than was paid", path, body: { ...body, amount: PRICE + 1 }, ...exceeds },
      {
        what: "a sum beyond every column",
        path,
        body: { ...body, amount: Number.MAX_SAFE_INTEGER },
        ...exceeds,
      },
      { what: "more than is left", path, body: { ...body, id: victim.paid.id, amount: 2 }, ...exceeds },
      {
        what: "a number with another amount",
        path,
        body: { id: victim.paid.id, refundNo, amount: 1 },
        ...taken,
      },
      { what: "a number of another payment", path, body: { ...body, refundNo, amount: PRICE - 1 }, ...taken },
      { what: "an unpaid one", path, body: { ...body, id: buyer.open.id }, ...notRefundable },
      { what: "a closed one", path, body: { ...body, id: buyer.closed.id }, ...notRefundable },
      {
        what: "no such payment",
        path,
        body: { ...body, id: 999_999 },
        status: 404,
        reason: "PAY_NOT_FOUND",
        by,
      },
      {
        what: "a look at another's refund",
        path: "/api/pay/refund/detail",
        body: { refundNo },
        status: 404,
        reason: "REFUND_NOT_FOUND",
      },
      {
        what: "a customer's word",
        path: "/api/pay/refund/settle",
        body: { refundNo, succeeded: true },
        ...forbidden,
      },
      {
        what: "a word about no refund",
        path: "/api/pay/refund/settle",
        body: { refundNo: newKey(), succeeded: true },
        status: 404,
        reason: "REFUND_NOT_FOUND",
        by,
      },
    ]);
  });

  it("sends no more back than came, however many ask at once", async () => {
    const { person } = buyer;
    const oid = await orderOne(person, pid);
    const id = await openPay(person, oid);
    await gateway.pay.callback(success({ id, uid: person.uid, oid }));
    const refunds = Array.from({ length: 30 }, () =>
      staff.pay.refund({ id, refundNo: newKey(), amount: PRICE / 5 }),
    );
    assert.deepEqual(await countOutcomes(refunds), { answered: 5, refused: 25, reasons: ["REFUND_EXCEEDS"] });
    const pay = await staff.pay.detail({ id });
    assert.equal(pay.refundedAmount + pay.refundingAmount, PRICE);
  });

  it("decides about no money that is not held", async () => {
    const path = "/api/pay/resolve";
    const body = { id: buyer.open.id, decision: "accept" };
    await assertRefused([
      { what: "a customer's decision", path, body, status: 403, reason: "ROLE_REQUIRED" },
      { what: "a gateway's decision", path, body, status: 403, reason: "ROLE_REQUIRED", by: gateway },
      { what: "an unpaid one", path, body, status: 409, reason: "PAY_NOT_HELD", by: staff },
      {
        what: "a paid one",
        path,
        body: { ...body, id: buyer.paid.id },
        status: 409,
        reason: "PAY_NOT_HELD",
        by: staff,
      },
      {
        what: "no such one",
        path,
        body: { ...body, id: 999_999 },
        status: 404,
        reason: "PAY_NOT_FOUND",
        by: staff,
      },
      {
        what: "neither",
        path,
        body: { ...body, decision: "keep" },
        status: 400,
        reason: "INVALID_FIELD",
        by: staff,
      },
    ]);
  });

  it("makes nothing paid: a callback must come from a gateway and name the payment's own user, order and amount", async () => {
    const path = "/api/pay/callback";
    const { uid } = buyer.person;
    const body = success({ ...buyer.open, uid });
    const forbidden = { status: 403, reason: "ROLE_REQUIRED" };
    const by = gateway;
    const foreign = { status: 404, reason: "ORDER_NOT_FOUND", by };
    await assertRefused([
      { what: "a customer's word", path, body, ...forbidden },
      { what: "staff's word", path, body, ...forbidden, by: staff },
      ...invalid(path, body, "amount", by),
      ...[0, PRICE - 1, PRICE + 1].map((amount) => ({
        what: `an amount of ${amount}`,
        path,
        body: { ...body, amount },
        status: 400,
        reason: "PAY_AMOUNT_MISMATCH",
        by,
      })),
      ...[0, 2, 3, 9, 255].map((status) => ({
        what: `a status of ${status}`,
        path,
        body: { ...body, status },
        status: 400,
        reason: "INVALID_FIELD",
        by,
      })),
      {
        what: "a source of 256",
        path,
        body: { ...body, source: 256 },
        status: 400,
        reason: "INVALID_FIELD",
        by,
      },
      { what: "another's payment", path, body: { ...body, id: victim.open.id }, ...foreign },
      { what: "another's order", path, body: { ...body, oid: victim.open.oid }, ...foreign },
      { what: "another user", path, body: { ...body, uid: victim.person.uid }, ...foreign },
      { what: "one's other order", path, body: { ...body, oid: buyer.fresh }, ...foreign },
      {
        what: "no such payment",
        path,
        body: { ...body, id: 999_999 },
        status: 404,
        reason: "PAY_NOT_FOUND",
        by,
      },
      {
        what: "another source for a success that is known",
        path,
        body: { ...success({ ...buyer.paid, uid }), source: 2 },
        status: 409,
        reason: "PAY_STATE_CONFLICT",
        by,
      },
    ]);
  });

  describe("under a key that was used", () => {
    it("is refused where it is another one, and is somebody else's own where the key is theirs too", async () => {
      const { uid, token } = buyer.person;
      const key = newKey();
      const used = { path: "/api/pay/create", body: { uid, oid: buyer.fresh, amount: PRICE }, token, key };
      const first = await sendKeyed(mall.url, used);
      assert.equal(first.status, 200, first.text);
      const known = await fingerprint(database, TABLES);
      const others = [
        { body: { ...used.body, amount: PRICE - 1 } },
        { body: { ...used.body, oid: buyer.open.oid } },
        { path: "/api/order/update", body: { id: buyer.open.oid, status: 9 } },
        { path: "/api/order/create", body: { uid, pid, amount: PRICE } },
      ];
      for (const other of others) {
        const { status, text } = await sendKeyed(mall.url, { ...used, ...other });
        const { reason, field } = JSON.parse(text) as { reason: string; field: string };
        assert.deepEqual([status, reason, field], [422, "IDEMPOTENCY_KEY_REUSED", "Idempotency-Key"], text);
      }
      const stolen = await sendKeyed(mall.url, { ...used, token: victim.person.token });
      assert.deepEqual([stolen.status, JSON.parse(stolen.text).reason], [404, "USER_NOT_FOUND"]);
      assert.equal(await fingerprint(database, TABLES), known);
      assert.deepEqual(await sendKeyed(mall.url, used), first);
    });
  });
});
