import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Call } from "@mall/kit/call";
import type { PayProduct } from "../channel.ts";
import { describeChannel, tradeRef } from "../test-channel-conformance.ts";
import { openWechatWorld } from "./test-wechat-world.ts";

const call = new Call();
const HOUR_MS = 3_600_000;

describeChannel("wechat, by public keys", () => openWechatWorld("public-key"));
describeChannel("wechat, by certificates", async () => {
  const world = await openWechatWorld("certificate");
  // So that what fails next is what a test asks, not what the channel asks first.
  await world.channel.query(call, tradeRef("NONE01"));
  return world;
});

describe("a product of WeChat Pay", () => {
  it("can be used as long as the channel says, and its trade stays open", async () => {
    const world = await openWechatWorld("public-key");
    const expireAt = world.now() + 24 * HOUR_MS;
    for (const product of ["qr", "h5"] as const) {
      const trade = tradeRef(`LIFE${product}`);
      const asked = { amount: 100, currency: "CNY", subject: "x", clientAddress: "192.0.2.1", product };
      const open = () => world.channel.prepay(call, { ...asked, ...trade, expireAt });
      const lifeMs = world.channel.credentialMs?.[product] ?? assert.fail(product);
      assert.equal((await open()).kind, "yes");
      await world.advance(lifeMs);
      await assert.rejects(world.pay(trade.outTradeNo), { code: "LINK_EXPIRED" });
      assert.deepEqual(await world.channel.query(call, trade), { kind: "yes", value: { state: "open" } });
      assert.equal((await open()).kind, "yes");
      await world.advance(lifeMs - 1);
      await world.pay(trade.outTradeNo);
    }
    await world.close();
  });

  it("opens a trade and gives what its buyer needs", async () => {
    const world = await openWechatWorld("public-key");
    const open = async (product: PayProduct, outTradeNo: string, more: object = {}) => {
      const expireAt = world.now() + HOUR_MS;
      const asked = {
        outTradeNo,
        amount: 100,
        currency: "CNY",
        subject: "订".repeat(200),
        expireAt,
        product,
      };
      const answer = await world.channel.prepay(call, { ...asked, ...more });
      return answer.kind === "yes" ? answer.value.credential : answer.kind;
    };
    assert.deepEqual(world.channel.products, ["qr", "jsapi", "app", "h5"]);
    const qr = await open("qr", "PAY001");
    assert.ok(typeof qr === "object" && qr.kind === "qr" && qr.text.startsWith("weixin://"));
    const jsapi = await open("jsapi", "PAY002", { payerId: "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" });
    const app = await open("app", "PAY003");
    for (const sdk of [jsapi, app]) {
      assert.ok(typeof sdk === "object" && sdk.kind === "sdk");
      assert.equal(typeof JSON.parse(sdk.text).package, "string");
    }
    const clientAddress = "2001:db8::1";
    const page = await open("h5", "PAY004", { clientAddress });
    const back = await open("h5", "PAY004", { clientAddress, returnUrl: "https://shop.test/a?b=1&c" });
    assert.ok(typeof page === "object" && typeof back === "object" && page.kind === "url");
    assert.equal(back.text, `${page.text}?redirect_url=https%3A%2F%2Fshop.test%2Fa%3Fb%3D1%26c`);
    assert.equal(await open("h5", "PAY005"), "no");
    assert.equal(await open("jsapi", "PAY006"), "no");
    assert.equal(await open("wap", "PAY007"), "no");
    const [{ time_expire } = { time_expire: "" }] = world.requests.map(({ body }) =>
      JSON.parse(Buffer.from(body ?? []).toString()),
    );
    assert.equal(Date.parse(time_expire), world.now() + HOUR_MS);
    assert.match(time_expire, /\+08:00$/);
    await world.close();
  });
});

describe("at WeChat Pay", () => {
  it("a trade is asked about by either number, and by WeChat Pay's only where it is of that very trade", async () => {
    const world = await openWechatWorld("public-key");
    const { channel } = world;
    const paid = async (outTradeNo: string) => {
      const asked = { outTradeNo, amount: 100, currency: "CNY", subject: "x", product: "qr" } as const;
      assert.equal((await channel.prepay(call, { ...asked, expireAt: world.now() + HOUR_MS })).kind, "yes");
      await world.pay(outTradeNo);
      const answer = await channel.query(call, tradeRef(outTradeNo));
      assert.ok(answer.kind === "yes" && answer.value.state === "paid");
      return { answer, tradeNo: answer.value.tradeNo };
    };
    const [one, other] = [await paid("BOTH01"), await paid("BOTH02")];
    const byTheirs = (tradeNo: string) => channel.query(call, { ...tradeRef("BOTH01"), tradeNo });
    assert.deepEqual(await byTheirs(one.tradeNo), one.answer);
    assert.ok(world.requests.at(-1)?.url.includes(`/v3/pay/transactions/id/${one.tradeNo}?mchid=`));
    assert.equal((await byTheirs(other.tradeNo)).kind, "unknown");
    assert.deepEqual(await byTheirs("4200000000"), { kind: "yes", value: { state: "absent" } });
    assert.equal((await byTheirs("../certificates")).kind, "unknown");
    await world.close();
  });

  it("nothing that goes wrong with an answer or a notification is taken for the truth", async () => {
    const world = await openWechatWorld("public-key");
    const { channel, simulator } = world;
    const open = (outTradeNo: string) =>
      channel.prepay(call, {
        ...{ outTradeNo, amount: 100, currency: "CNY", subject: "x", product: "qr" },
        expireAt: world.now() + HOUR_MS,
      });
    assert.equal((await open("PAY001")).kind, "yes");
    for (const [fault, ms] of [
      ...(["unsigned", "wrong-signature", "unknown-serial", "app", "merchant"] as const).map(
        (flaw) => [flaw, 0] as const,
      ),
      ["clock-old", 301_000],
      ["clock-ahead", 302_000],
      ["html", 0],
      ["rate-limited", 0],
      ["error-after", 0],
    ] as const) {
      simulator.setFaults([{ fault: `answer.${fault}`, ms }]);
      assert.equal((await channel.query(call, tradeRef("PAY001"))).kind, "unknown", fault);
      assert.deepEqual(simulator.faults, []);
    }
    simulator.setFaults([{ fault: "answer.clock-old", ms: 299_000 }]);
    assert.equal((await channel.query(call, tradeRef("PAY001"))).kind, "yes");
    const flaws = ["unsigned", "wrong-signature", "unknown-serial", "tampered", "app", "merchant"] as const;
    for (const [index, flaw] of flaws.entries()) {
      const outTradeNo = `FLAW0${index}`;
      simulator.setFaults([{ fault: `notify.${flaw}` }]);
      await open(outTradeNo);
      await world.pay(outTradeNo);
      await world.advance(0);
      const notify = world.notifies.at(-1);
      assert.ok(notify !== undefined);
      await assert.rejects(channel.parseNotify(call, notify, world.now()), { reason: "NOTIFY_FORGED" }, flaw);
    }
    await world.close();
  });

  it("a close that loses to the buyer is paid, and a refund that is abnormal is not over and is told of", async () => {
    const world = await openWechatWorld("public-key");
    const { channel, simulator } = world;
    const asked = {
      outTradeNo: "PAY001",
      amount: 100,
      currency: "CNY",
      subject: "x",
      product: "qr",
    } as const;
    await channel.prepay(call, { ...asked, expireAt: world.now() + HOUR_MS });
    simulator.setFaults([{ fault: "close.loses" }]);
    const closed = await channel.close(call, tradeRef("PAY001"));
    assert.ok(closed.kind === "yes" && closed.value.state === "paid");
    simulator.setFaults([{ fault: "refund.abnormal" }]);
    const refund = { trade: tradeRef("PAY001"), refundNo: "R1", amount: 1, currency: "CNY", total: 100 };
    await channel.refund(call, refund);
    await world.advance(1000);
    const told = await channel.queryRefund(call, refund);
    assert.ok(told.kind === "yes" && told.value.state === "stuck");
    assert.deepEqual(world.warnings, ["a refund is abnormal: resolve it on WeChat Pay's merchant platform"]);
    await world.close();
  });
});
