import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Call } from "@mall/kit/call";
import type { RawNotify } from "../channel.ts";
import { certificateNumber, rootsNumber } from "./certificate-number.ts";
import { cutAnswer } from "./cut-answer.ts";
import { certificatesOf, privateKeyOf, publicKeyOf } from "./key-text.ts";
import { isSignedBy } from "./signature.ts";
import { signRequest } from "./signed-request.ts";
import { CERTIFICATES, certificate, formNotify, golden, openAlipayWorld } from "./test-alipay-world.ts";

const { keys } = golden;
const theirs = publicKeyOf(keys.alipay.public);
const AT = Date.parse("2026-11-28T16:52:24+08:00");

describe("Alipay's own SDK and this adapter", () => {
  it("sign a request with the same bytes, with either form of the key, with and without certificates", () => {
    const numbers = {
      app_cert_sn: certificateNumber(certificatesOf(certificate("app"))[0]),
      alipay_root_cert_sn: rootsNumber(certificatesOf(CERTIFICATES.RootCertificates)),
    };
    for (const text of [keys.app.pkcs1, keys.app.pkcs8]) {
      for (const request of golden.requests) {
        const { app_id = "", method = "", biz_content = "", notify_url, return_url, app_cert_sn } = request;
        const own = { key: privateKeyOf(text), ...(app_cert_sn !== undefined && { numbers }) };
        const urls = {
          ...(notify_url !== undefined && { notify_url }),
          ...(return_url !== undefined && { return_url }),
        };
        const asked = { method, content: JSON.parse(biz_content), urls };
        assert.deepEqual(Object.fromEntries(signRequest({ AppId: app_id }, own, asked, AT)), { ...request });
      }
    }
  });

  it("give certificates the same numbers, with leading zeros, and count no root that is not RSA's", () => {
    for (const [name, number] of Object.entries(golden.numbers))
      assert.equal(certificateNumber(certificatesOf(certificate(name))[0]), number, name);
    assert.equal(rootsNumber(certificatesOf(CERTIFICATES.RootCertificates)), golden.rootsNumber);
    assert.ok(golden.rootsNumber.startsWith("00"));
  });

  it("cut the same out of an answer", () => {
    for (const [name, text] of Object.entries(golden.answers)) {
      const { node, signature = "" } = cutAnswer(Buffer.from(text), "alipay.trade.query");
      assert.ok(isSignedBy([theirs], node, signature), name);
      assert.ok(!isSignedBy([theirs], `${node} `, signature), name);
    }
  });

  it("believe the same notifications", async () => {
    const { channel, runtime } = openAlipayWorld();
    const read = (notify: RawNotify) => channel.parseNotify(new Call(), notify, runtime.now());
    const [paid, refunded, empty] = await Promise.all(
      Object.values(golden.notifies).map(formNotify).map(read),
    );
    const trade = {
      kind: "trade",
      eventKey: "2026112800222170005012345678901234",
      outTradeNo: "o1",
      hint: {
        state: "paid",
        tradeNo: "2026112822001400000001",
        amount: 8880,
        currency: "CNY",
        paidAt: Date.parse("2026-11-28T17:00:04+08:00"),
      },
    };
    assert.deepEqual(paid, trade);
    assert.deepEqual(empty, trade);
    assert.deepEqual(refunded, {
      kind: "refund",
      eventKey: "2026112800222170005099999999999999",
      outTradeNo: "o1",
      refundNo: "R1",
      hint: { state: "succeeded" },
    });
  });
});
