import assert from "node:assert/strict";
import { createPrivateKey } from "node:crypto";
import { describe, it } from "node:test";
import { Call } from "@mall/kit/call";
import type { HttpAnswer } from "@mall/kit/http";
import type { PayProduct } from "../channel.ts";
import { tradeRef } from "../test-channel-conformance.ts";
import { authorization } from "./sign.ts";
import { openVectorWorld, sealed, vectors } from "./test-vectors.ts";

const call = new Call();
const NUMBER = "P17N1Xc2a61ff09b";
const PAID = {
  state: "paid",
  tradeNo: "4200001234202611284567890123",
  amount: 100,
  currency: "CNY",
  paidAt: Date.parse("2026-11-28T22:38:50+08:00"),
};

describe("an SDK of WeChat Pay", () => {
  it("signs requests with the same text as we do", () => {
    const merchantKey = { Serial: vectors.merchantSerial, key: createPrivateKey(vectors.merchantKey) };
    for (const { authorization: theirs, ...request } of vectors.requests) {
      const { timestamp, nonce_str: nonce = "" } = partsOf(theirs);
      const signing = { mchId: vectors.mchid, merchantKey, now: Number(timestamp) * 1000 + 999, nonce };
      assert.deepEqual(partsOf(authorization(request, signing)), partsOf(theirs));
    }
  });

  it("signs what a buyer's client is given with the same text as we do", async () => {
    const { nonce, prepayId, jsapi, app } = vectors.credentials;
    const timestamp = String(Math.floor(vectors.now / 1000));
    const { appid, mchid } = vectors;
    assert.deepEqual(await credentialOf("jsapi"), {
      ...{ appId: appid, timeStamp: timestamp, nonceStr: nonce, package: `prepay_id=${prepayId}` },
      ...{ signType: "RSA", paySign: jsapi },
    });
    assert.deepEqual(await credentialOf("app"), {
      ...{ appid, partnerid: mchid, prepayid: prepayId, package: "Sign=WXPay", noncestr: nonce, timestamp },
      sign: app,
    });
  });

  it("signs answers and encrypts certificates that we read", async () => {
    const world = openVectorWorld({ Keys: certificateKeys() });
    world.reply = ({ url }) => {
      if (url.endsWith("/v3/certificates")) return answerOf(vectors.certificates);
      return url.endsWith("/close") ? answerOf(vectors.answers.closed, 204) : answerOf(vectors.answers.trade);
    };
    const { channel } = world;
    assert.deepEqual(await channel.query(call, tradeRef(NUMBER)), { kind: "yes", value: PAID });
    const byTheirs = await channel.query(call, { ...tradeRef(NUMBER), tradeNo: PAID.tradeNo });
    assert.deepEqual(byTheirs, { kind: "yes", value: PAID });
    assert.ok(world.requests.at(-1)?.url.endsWith(`/transactions/id/${PAID.tradeNo}?mchid=${vectors.mchid}`));
    assert.deepEqual(await channel.close(call, tradeRef(NUMBER)), {
      kind: "yes",
      value: { state: "closed" },
    });
    const [, ...asked] = world.requests.map(({ headers }) => headers["wechatpay-serial"]);
    assert.deepEqual(asked, Array(3).fill(bare(vectors.platformSerial)));
  });

  it("signs and encrypts notifications that we read, of both modes and without associated data", async () => {
    const world = openVectorWorld();
    world.reply = () => answerOf(vectors.certificates);
    const { trade, refund, noAssociatedData } = vectors.notices;
    const read = ({ headers, body }: typeof trade) =>
      world.channel.parseNotify(call, { headers, body: Buffer.from(body) }, vectors.now);
    const told = { kind: "trade", outTradeNo: NUMBER, hint: PAID };
    assert.deepEqual(await read(trade), { ...told, eventKey: "EV-2018022511223320873" });
    assert.deepEqual(await read(noAssociatedData), { ...told, eventKey: "EV-2018022511223320875" });
    assert.deepEqual(await read(refund), {
      ...{ kind: "refund", eventKey: "EV-2018022511223320874", outTradeNo: NUMBER, refundNo: "R5" },
      hint: { state: "succeeded", channelRefundNo: "50300000012026112812345678901" },
    });
  });
});

/** The parts of an `Authorization`, by their names. */
function partsOf(text: string): Record<string, string> {
  const [scheme = "", parts = ""] = text.split(" ");
  const pairs = [...parts.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, value]);
  return { scheme, ...Object.fromEntries(pairs) };
}

async function credentialOf(product: PayProduct): Promise<unknown> {
  const world = openVectorWorld();
  world.reply = () => sealed(JSON.stringify({ prepay_id: vectors.credentials.prepayId }));
  const asked = { outTradeNo: NUMBER, amount: 100, currency: "CNY", subject: "订单 17", product };
  const answer = await world.channel.prepay(call, { ...asked, expireAt: vectors.now, payerId: "o1" });
  assert.ok(answer.kind === "yes");
  assert.equal(answer.value.credential.kind, "sdk");
  return JSON.parse(answer.value.credential.text);
}

function certificateKeys(): object {
  return {
    MerchantKeys: [{ Serial: vectors.merchantSerial, PrivateKey: vectors.merchantKey }],
    ApiV3Keys: [{ Key: "of 32 bytes and accepted as well" }, { Key: vectors.apiV3Key }],
  };
}

function answerOf({ headers, body }: typeof vectors.certificates, status = 200): HttpAnswer {
  return { status, headers, body: Buffer.from(body) };
}

function bare(serial: string): string {
  return serial.replace(/^0/, "");
}
