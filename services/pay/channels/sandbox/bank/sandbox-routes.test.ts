import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Call } from "@mall/kit/call";
import { createTestFolder } from "@mall/kit/testing";
import { describeChannel, tradeRef } from "../../test-channel-conformance.ts";
import { type HttpWorld, openHttpWorld } from "../test-http-world.ts";

describeChannel("sandbox over HTTP, on SQLite", () => openHttpWorld());

const call = new Call();
const HALF_HOUR_MS = 30 * 60_000;

function inWorld(title: string, test: (world: HttpWorld) => Promise<void>): void {
  it(title, async () => {
    const world = await openHttpWorld();
    try {
      await test(world);
    } finally {
      await world.close();
    }
  });
}

async function openTrade({ channel, now }: HttpWorld, outTradeNo: string, subject = "茶"): Promise<string> {
  const attempt = {
    outTradeNo,
    amount: 129_900,
    currency: "CNY",
    subject,
    expireAt: now() + HALF_HOUR_MS,
    product: "page" as const,
  };
  const opened = await channel.prepay(call, attempt);
  assert.ok(opened.kind === "yes");
  return opened.value.credential.text;
}

async function post(url: string, body: object): Promise<{ status: number; body: Record<string, unknown> }> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
}

describe("the buyer's side of the sandbox", () => {
  inWorld("is a page at the credential, which shows the trade and changes with it", async (world) => {
    const url = await openTrade(world, "A1", `<img src=x onerror="alert('1')">&`);
    const page = await fetch(url);
    assert.equal(page.status, 200);
    assert.match(page.headers.get("content-security-policy") ?? "", /default-src 'none'; script-src 'self';/);
    const open = await page.text();
    assert.match(open, /¥1,299\.00.*待支付.*<button/s);
    assert.ok(open.includes("&#60;img src=x onerror=&#34;alert(&#39;1&#39;)&#34;&#62;&#38;"));
    const files = [...open.matchAll(/(?:href|src)="(\.\.[^"]+)"/g)].map(
      ([, path]) => new URL(path ?? "", url),
    );
    assert.equal(files.length, 2);
    for (const file of files) assert.equal((await fetch(file)).status, 200, String(file));
    await world.bank.pay("A1");
    const paid = await (await fetch(url)).text();
    assert.match(paid, /已支付/);
    assert.doesNotMatch(paid, /<button/);
    await world.channel.refund(call, {
      ...{ trade: tradeRef("A1"), refundNo: "R1", amount: 900, currency: "CNY", total: 129_900 },
    });
    assert.match(await (await fetch(url)).text(), /已退款<\/dt><dd>¥9\.00/);
  });

  inWorld("tells of a trade that is closed, and of none that there is not", async (world) => {
    const url = await openTrade(world, "A1");
    await world.channel.close(call, tradeRef("A1"));
    assert.match(await (await fetch(url)).text(), /已关闭/);
    await world.channel.close(call, tradeRef("A2"));
    for (const none of ["A2", "A3", "%3Cscript%3E"]) {
      const page = await fetch(`${world.url}/sandbox/cashier/${none}`);
      assert.equal(page.status, 404);
      assert.doesNotMatch(await page.text(), /<button/);
    }
  });

  inWorld("pays by its button's route, once, what is asked for or something else", async (world) => {
    await openTrade(world, "A1");
    const pay = (body: object) => post(`${world.url}/sandbox/pay`, body);
    const paid = { outTradeNo: "A1", state: "paid", amount: 129_900, currency: "CNY" };
    assert.deepEqual(await pay({ outTradeNo: "A1" }), { status: 200, body: paid });
    assert.deepEqual(await pay({ outTradeNo: "A1", amount: 1 }), { status: 200, body: paid });
    await openTrade(world, "A2");
    const other = await pay({ outTradeNo: "A2", amount: 1, currency: "USD" });
    assert.deepEqual([other.body.amount, other.body.currency], [1, "USD"]);
    await world.advance(0);
    assert.equal(world.notifies.length, 2);
  });

  inWorld("refuses what cannot be paid, with a reason", async (world) => {
    await openTrade(world, "A1");
    await world.channel.close(call, tradeRef("A1"));
    for (const [body, status, reason] of [
      [{ outTradeNo: "A1" }, 400, "TRADE_CLOSED"],
      [{ outTradeNo: "A9" }, 404, "TRADE_ABSENT"],
      [{}, 400, "INVALID_FIELD"],
      [{ outTradeNo: 1 }, 400, "INVALID_FIELD"],
      [{ outTradeNo: "A1", amount: 0 }, 400, "INVALID_FIELD"],
      [{ outTradeNo: "A1", currency: "¥" }, 400, "INVALID_FIELD"],
    ] as const) {
      const answer = await post(`${world.url}/sandbox/pay`, body);
      assert.deepEqual([answer.status, answer.body.reason], [status, reason], JSON.stringify(body));
    }
  });

  inWorld("takes faults to come, and tells which are left", async (world) => {
    const set = (faults: object[]) => post(`${world.url}/sandbox/faults`, { faults });
    const lost = await set([
      { fault: "notify.lost", times: 2, outTradeNo: "A1" },
      { fault: "query.slow", ms: 5 },
    ]);
    assert.deepEqual(lost.body, {
      faults: [
        { fault: "notify.lost", times: 2, ms: 0, outTradeNo: "A1" },
        { fault: "query.slow", times: 1, ms: 5 },
      ],
    });
    for (const bad of [
      { fault: "fire" },
      { fault: "query.slow", ms: -1 },
      { fault: "query.slow", times: 0 },
      {},
    ]) {
      assert.equal((await set([bad])).status, 400, JSON.stringify(bad));
    }
    assert.equal(world.bank.faults.length, 2);
    await set([]);
    assert.deepEqual(world.bank.faults, []);
  });
});

describe("the merchant's side of the sandbox", () => {
  inWorld("answers no stranger", async ({ url, bank }) => {
    const request = { method: "POST", body: '{"outTradeNo":"A1"}' };
    for (const headers of [{}, { "x-sandbox-app": "mall", "x-sandbox-signature": "t=1,v1=00" }]) {
      const answer = await fetch(`${url}/sandbox/api/close`, { ...request, headers });
      assert.equal(answer.status, 401);
    }
    assert.equal((await fetch(`${url}/sandbox/api/steal`, request)).status, 404);
    assert.equal(await bank.trade("A1"), undefined);
  });
});

describe("a bank on a SQLite file", () => {
  it("knows after a restart what it knew before", async () => {
    const dataSource = `sqlite:${join(createTestFolder(), "sandbox.db")}`;
    const first = await openHttpWorld(dataSource);
    await openTrade(first, "A1");
    await openTrade(first, "A2");
    first.bank.setFaults([{ fault: "notify.late", ms: 1 }]);
    const paid = await first.bank.pay("A1");
    await first.close();
    const second = await openHttpWorld(dataSource);
    assert.deepEqual(await second.bank.trade("A1"), paid);
    assert.deepEqual(await second.channel.query(call, tradeRef("A2")), {
      kind: "yes",
      value: { state: "open" },
    });
    assert.deepEqual(await second.channel.query(call, tradeRef("A3")), {
      kind: "yes",
      value: { state: "absent" },
    });
    await second.close();
  });
});
