import assert from "node:assert/strict";
import { createDecipheriv } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { certificateSn } from "./alipay/certificate-sn.ts";
import { isSignedBy, signedText } from "./alipay/params.ts";
import { signRsa } from "./core/pem-keys.ts";
import { webhookSignature } from "./stripe/webhook-signature.ts";
import type { WechatAccount } from "./wechat/account.ts";
import { merchantOf } from "./wechat/authorization.ts";
import { demandSigned } from "./wechat/bridge.ts";
import type { WechatTrade } from "./wechat/trade.ts";

function vectors(name: string) {
  return JSON.parse(readFileSync(join(import.meta.dirname, "vectors", `${name}.json`), "utf8"));
}

const keys = vectors("keys");

describe("the simulator agrees with what the SDKs have signed", () => {
  test("Alipay: requests, notifications, certificate numbers", () => {
    const { request, certifiedRequest, notification } = vectors("alipay");
    const account = {
      appId: request.params.app_id,
      sellerId: "",
      sellerEmail: "",
      appPublicKey: keys.merchantPublicKey,
      alipayPrivateKey: keys.channelPrivateKey,
    };
    for (const { params } of [request, certifiedRequest]) {
      assert.ok(isSignedBy(account, params));
      for (const [name, value] of Object.entries(params)) {
        if (name !== "sign") assert.ok(!isSignedBy(account, { ...params, [name]: `${value}1` }), name);
      }
    }
    assert.equal(certificateSn(keys.certificate), certifiedRequest.params.app_cert_sn);
    const text = signedText(notification.params, ["sign", "sign_type"]);
    assert.equal(signRsa(text, keys.channelPrivateKey), notification.params.sign);
  });

  test("WeChat Pay: requests, the encrypted part of notifications, and calls of the bridge", () => {
    const { request, resource, bridge } = vectors("wechat");
    const { mchid, serial, method, url, authorization, timestamp } = request;
    const account = {
      ...{
        mchid,
        appids: [bridge.appId],
        apiV3Key: resource.apiV3Key,
        mode: "certificate",
        platformKeys: [],
      },
      ...{
        merchantSerial: serial.replace(/^0/, "").toLowerCase(),
        merchantPublicKey: keys.merchantPublicKey,
      },
    } as const satisfies WechatAccount;
    const asked = { method, url, headers: { authorization }, body: Buffer.from(request.body) };
    const signer = (changed: object, seconds = 0) =>
      merchantOf({ ...asked, ...changed }, [account], (Number(timestamp) + seconds) * 1000);
    assert.deepEqual(signer({}), { account });
    for (const changed of [
      { method: "PUT" },
      { url: url.replace("+", "%20") },
      { body: Buffer.from("{}") },
    ]) {
      assert.ok("wrong" in signer(changed));
    }
    for (const seconds of [-301, 301]) assert.ok("wrong" in signer({}, seconds));
    const bytes = Buffer.from(resource.ciphertext, "base64");
    const decipher = createDecipheriv("aes-256-gcm", resource.apiV3Key, resource.nonce);
    decipher.setAAD(Buffer.from(resource.associated_data)).setAuthTag(bytes.subarray(-16));
    const text = decipher.update(bytes.subarray(0, -16), undefined, "utf8") + decipher.final("utf8");
    assert.equal(text, resource.plaintext);
    // The rest of an order does not matter to the bridge.
    const trade = { product: "jsapi", appid: bridge.appId, mchid } as WechatTrade;
    const call = { ...bridge, signType: "RSA" };
    assert.equal(demandSigned(call, trade, account), undefined);
    assert.throws(() => demandSigned({ ...call, nonceStr: "other" }, trade, account), {
      code: "BRIDGE_REFUSED",
    });
  });

  test("Stripe: webhooks", () => {
    const { payload, secret, timestamp, header } = vectors("stripe").webhook;
    assert.equal(webhookSignature(Buffer.from(payload), [secret], timestamp), header);
  });
});
