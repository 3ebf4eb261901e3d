import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createTestFolder, until } from "@mall/kit/testing";
import { runMall } from "../cli/testing/run-mall.ts";
import { startTestMall, type TestMall } from "./support/mall.ts";
import {
  type ApiUrls,
  gatewayUrls,
  newCustomer,
  PASSWORD,
  type Person,
  personWithToken,
} from "./support/people.ts";
import { openPay, orderOne, PRICE, putUp, success } from "./support/shop.ts";

const FROM = "203.0.113.9";
const TRACE = "0af7651916cd43dd8448eb211c80319c";

/** An act as `mall audit list --json` tells it. */
interface Told {
  readonly operation: string;
  readonly subject: string;
  readonly who: string;
  readonly role: number | null;
  readonly address: string;
  readonly traceId: string;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

describe("the audit of a mall", () => {
  let mall: TestMall;
  let urls: ApiUrls;
  let admin: Person;
  let buyer: Person;
  before(async () => {
    mall = await startTestMall({ blocks: { TrustedProxies: ["127.0.0.0/8"] } });
    urls = gatewayUrls(mall.url);
    const first = await newCustomer(urls); // becomes admin
    const send: typeof fetch = (input, init) => {
      const headers = new Headers(init?.headers);
      headers.set("x-forwarded-for", FROM);
      headers.set("traceparent", `00-${TRACE}-b7ad6b7169203331-01`);
      return fetch(input, { ...init, headers });
    };
    admin = personWithToken(urls, first.uid, first.token, send);
    buyer = await newCustomer(urls);
  });
  after(() => mall.stop());

  /** What the command lists, the oldest first, and the text of it. */
  const list = async (...args: string[]): Promise<{ acts: Told[]; text: string }> => {
    const words = ["audit", "list", "--json", "--data-source", mall.dataSource, ...args];
    const { code, stdout, stderr } = await runMall(words, { cwd: createTestFolder() });
    assert.equal(code, 0, stderr);
    const lines = stdout.split("\n").filter((line) => line !== "");
    return { acts: lines.map((line): Told => JSON.parse(line)).toReversed(), text: stdout };
  };
  const operations = (acts: readonly Told[]): string[] => acts.map(({ operation }) => operation);

  it("tells what staff did over HTTP: who, from where, in which request, and what became of it", async () => {
    const pid = await putUp(admin, 9);
    const key = "the new price";
    for (let times = 0; times < 2; times += 1) {
      await admin.product.update({ id: pid, amount: PRICE + 1 }, { idempotencyKey: key });
    }
    await admin.product.update({ id: pid, amount: PRICE });
    const { acts } = await list("--subject", `product/${pid}`);
    for (const { who, role, address, traceId } of acts) {
      assert.deepEqual([who, role, address, traceId], [`user:${admin.uid}`, 2, FROM, TRACE]);
    }
    const [created, dearer, ...more] = acts;
    assert.deepEqual(operations(acts).slice(0, 2), ["/product.Product/Create", "/product.Product/Update"]);
    assert.deepEqual([created?.before, created?.after?.stock, created?.after?.amount], [null, 9, PRICE]);
    assert.deepEqual([dearer?.before, dearer?.after], [{ amount: PRICE }, { amount: PRICE + 1 }]);
    assert.equal(more.length, 1);
  });

  it("tells of an order's new price at the order and at its payment, and of its end", async () => {
    const oid = await orderOne(buyer, await putUp(admin, 1));
    const id = await openPay(buyer, oid);
    await admin.order.update({ id: oid, amount: 300 });
    await admin.pay.close({ id });
    const cancelled = async () => (await buyer.order.detail({ id: oid })).status === 9;
    await until("the order is cancelled", cancelled);
    await admin.order.remove({ id: oid });
    const all = (await list("--who", String(admin.uid), "--since", "1h")).acts;
    const about = all.filter(({ subject }) => subject === `order/${oid}`);
    assert.deepEqual(operations(about), ["/order.Order/Update", "/order.Order/Remove"]);
    assert.deepEqual(about[0]?.after, { amount: 300 });
    const acts = all.filter(({ subject }) => subject === `pay/${id}`);
    assert.deepEqual(operations(acts), ["/pay.Pay/Reprice", "/pay.Pay/Close"]);
    assert.deepEqual([acts[0]?.before?.amount, acts[0]?.after?.amount], [PRICE, 300]);
    assert.deepEqual([acts[1]?.before?.status, acts[1]?.after?.status], [0, 2]);
    assert.deepEqual([acts[0]?.address, acts[0]?.traceId], [FROM, TRACE]);
  });

  it("tells of held money, refunds and their end, and nothing of the callback that an admin posted", async () => {
    const oid = await orderOne(buyer, await putUp(admin, 1));
    const id = await openPay(buyer, oid);
    const wrong = { ...success({ id, uid: buyer.uid, oid }), amount: 1 };
    assert.equal((await admin.pay.callback(wrong)).outcome, "held");
    await admin.pay.resolve({ id, decision: "accept" });
    const refundNo = `R-${id}`;
    for (let times = 0; times < 2; times += 1) {
      await admin.pay.refund({ id, refundNo, amount: 1, reason: "by phone" });
      await admin.pay.settleRefund({ refundNo, succeeded: true });
    }
    const { acts } = await list("--subject", `pay/${id}`, "--service", "pay");
    assert.deepEqual(operations(acts), ["/pay.Pay/Resolve", "/pay.Pay/Refund", "/pay.Pay/SettleRefund"]);
    const [resolved, refunded, settled] = acts;
    assert.deepEqual([resolved?.before?.status, resolved?.after?.status], [5, 1]);
    assert.deepEqual([refunded?.after?.refundNo, refunded?.after?.reason], [refundNo, "by phone"]);
    assert.deepEqual([settled?.before?.refundState, settled?.after?.refundState], [4, 2]);
  });

  it("has nothing of what customers do for themselves, nor of what staff were refused", async () => {
    const pid = await putUp(admin, 3);
    const customer = await newCustomer(urls);
    const [first, second] = [await orderOne(customer, pid), await orderOne(customer, pid)];
    await customer.pay.close({ id: await openPay(customer, first) });
    await customer.order.update({ id: second, status: 9 });
    await customer.order.remove({ id: second });
    await assert.rejects(customer.product.update({ id: pid, amount: 1 }), { reason: "ROLE_REQUIRED" });
    await customer.user.changePassword({ oldPassword: PASSWORD, newPassword: "another one" });
    await assert.rejects(admin.pay.resolve({ id: 999_999, decision: "refund" }), { reason: "PAY_NOT_FOUND" });
    await assert.rejects(admin.product.remove({ id: 999_999 }), { reason: "PRODUCT_NOT_FOUND" });
    const [last] = (await list("--limit", "1")).acts;
    assert.deepEqual([last?.operation, last?.subject], ["/product.Product/Create", `product/${pid}`]);
  });

  it("tells of operators, and never holds a password, its hash or a token", async () => {
    const source = ["--data-source", mall.dataSource];
    const run = async (...words: string[]): Promise<string> => {
      const { code, stdout, stderr } = await runMall([...words, ...source], { cwd: createTestFolder() });
      assert.equal(code, 0, stderr);
      return stdout.trim();
    };
    await run("user", "revoke", `id:${buyer.uid}`);
    const made = await run("user", "password", `id:${buyer.uid}`);
    const { acts, text } = await list("--limit", "1000");
    const own = acts.filter(({ subject }) => subject === `user/${buyer.uid}`);
    assert.deepEqual(operations(own), ["mall user revoke", "mall user password"]);
    for (const { who, role } of own) assert.match(`${who} ${role}`, /^os:.+ null$/);
    for (const secret of [made, PASSWORD, admin.token, buyer.token, "scrypt"])
      assert.ok(!text.includes(secret));
  });
});
