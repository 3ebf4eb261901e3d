import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { forEachDatabase } from "@mall/kit/testing";
import { type AbuseScene, openAbuseScene } from "./support/abuse-scene.ts";
import { newKey } from "./support/keyed-request.ts";
import { countOutcomes } from "./support/refusals.ts";
import { openPay, orderOne, PRICE, success } from "./support/shop.ts";
import { assertVerified } from "./support/verified.ts";

const WAVES = 50;
const AT_ONCE = 10;
/** As many attempts as a payment may have. */
const ATTEMPTS_MAX = 20;
/** What those are told who ask while another attempt is opened, which may close theirs before its channel has it. */
const TWIN_REFUSALS = [
  "PREPAY_SUPERSEDED",
  "PAY_TOO_MANY_ATTEMPTS",
  // Of a machine that is busy with the others.
  "DEADLINE_EXCEEDED",
];

forEachDatabase("a request about channels and refunds that is wrong or foreign", (databases) => {
  let scene: AbuseScene;

  before(async () => {
    const dataSource = await databases.createDataSource();
    scene = await openAbuseScene(dataSource, await databases.open({ dataSource }));
  });
  after(() => scene.mall.stop());

  it("opens nothing on a channel: the payment must be one's own and wait for money, the channel be there", async () => {
    const { assertRefused, buyer, gateway, victim } = scene;
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

  it("lists nobody else's payments", async () => {
    const { assertRefused, buyer, gateway, victim } = scene;
    const path = "/api/pay/list";
    const { uid } = buyer.person;
    await assertRefused([
      { what: "another's", path, body: { uid: victim.person.uid }, status: 404, reason: "USER_NOT_FOUND" },
      { what: "a gateway's", path, body: {}, status: 404, reason: "USER_NOT_FOUND", by: gateway },
      {
        what: "a gateway's look at one",
        path,
        body: { uid },
        status: 404,
        reason: "USER_NOT_FOUND",
        by: gateway,
      },
      ...[0, -1, 501, 1e9].map((limit) => ({
        what: `${limit} at a time`,
        path,
        body: { limit },
        status: 400,
        reason: "INVALID_FIELD",
      })),
    ]);
    const own = await buyer.person.pay.list({});
    assert.ok(own.length >= 4);
    assert.deepEqual(new Set(own.map((pay) => pay.uid)), new Set([uid]));
  });

  it("closes no payment but one's own that waits for money", async () => {
    const { assertRefused, buyer, gateway, victim } = scene;
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
    const { assertRefused, buyer, gateway, invalid, staff, victim } = scene;
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
    const { buyer, gateway, pid, staff } = scene;
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

  it("lists refunds to staff alone, those to be made by hand a page at a time, until they are settled", async () => {
    const { assertRefused, buyer, gateway, pid, staff } = scene;
    const { person } = buyer;
    const path = "/api/pay/refund/list";
    const forbidden = { status: 403, reason: "ROLE_REQUIRED" };
    const whole = { id: 1, from: 0, to: 1, bucket: "hour" };
    await assertRefused([
      { what: "a customer's look", path, body: {}, ...forbidden },
      { what: "a gateway's look", path, body: {}, ...forbidden, by: gateway },
      ...[
        ...["timeline", "search", "refund/search", "attention", "channels"],
        ...["statistics", "notify/list", "notify/detail", "notify/replay", "notify/refused"],
      ].map((name) => ({
        ...{ what: `a customer's ${name}`, path: `/api/pay/${name}`, body: whole, ...forbidden },
      })),
      {
        what: "a page after none",
        path,
        body: { before: "none" },
        status: 404,
        reason: "REFUND_NOT_FOUND",
        by: staff,
      },
      ...[0, 501].map((limit) => {
        const refusal = { status: 400, reason: "INVALID_FIELD", by: staff };
        return { what: `${limit} at a time`, path, body: { limit }, ...refusal };
      }),
    ]);
    const oid = await orderOne(person, pid);
    const id = await openPay(person, oid);
    await gateway.pay.callback(success({ id, uid: person.uid, oid }));
    const numbers = Array.from({ length: 3 }, newKey);
    for (const refundNo of numbers) await staff.pay.refund({ id, refundNo, amount: 100 });
    const byHand = (before?: string) =>
      staff.pay.refundList({ status: 4, limit: 2, ...(before !== undefined && { before }) });
    const first = await byHand();
    const [next] = await byHand(first.at(-1)?.refundNo);
    assert.deepEqual(
      [...first, next].map((refund) => [refund?.id, refund?.refundNo, refund?.amount]),
      numbers.toReversed().map((refundNo) => [id, refundNo, 100]),
    );
    const told = await staff.pay.timeline({ id });
    assert.deepEqual(
      told.events
        .filter(({ kind, event }) => kind === "refund" && event === "requested")
        .map(({ subject }) => subject),
      numbers,
    );
    for (const refundNo of numbers) await staff.pay.settleRefund({ refundNo, succeeded: true });
    assert.ok((await byHand()).every((refund) => !numbers.includes(refund.refundNo)));
  });

  it("decides about no money that is not held", async () => {
    const { assertRefused, buyer, gateway, staff } = scene;
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

  // After all that is counted: its attempts are asked about and closed for a while.
  it("opens one attempt, however often a channel is asked for", async () => {
    const { buyer, database, pid } = scene;
    const { person } = buyer;
    const id = await openPay(person, await orderOne(person, pid));
    const numbers = new Set<string>();
    for (let wave = 0; wave < WAVES; wave += 1) {
      const asked = Array.from({ length: AT_ONCE }, () => person.pay.prepay({ id, channel: "sandbox" }));
      for (const end of await Promise.allSettled(asked)) {
        if (end.status === "fulfilled") numbers.add(end.value.outTradeNo);
        else assert.ok(TWIN_REFUSALS.includes(end.reason.reason), String(end.reason.reason));
      }
    }
    const last = await person.pay.prepay({ id, channel: "sandbox" });
    assert.ok(numbers.has(last.outTradeNo));
    const attempts = await database.query
      .selectFrom("pay_attempt")
      .where("pay_id", "=", id)
      .select("state")
      .execute();
    assert.ok(attempts.length <= ATTEMPTS_MAX, `${attempts.length} attempts`);
    assert.equal(attempts.filter(({ state }) => state === 1).length, 1);
  });

  it("leaves payments, orders and stock that say the same", () => assertVerified(scene.mall.dataSource));
});
