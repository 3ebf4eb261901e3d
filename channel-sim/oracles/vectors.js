// Golden vectors: signatures that the SDKs of npm make with the keys that they are given. Prints them as JSON.
import { createSign } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { keys } = JSON.parse(readFileSync(0, "utf8"));
const load = createRequire(`${process.env.ORACLE_FOLDER}/`);
const { AlipaySdk } = load("alipay-sdk");
const { Aes, Formatter, Rsa } = load("wechatpay-axios-plugin");
const Stripe = load("stripe");

const app = {
  appId: "2021000000000001",
  privateKey: keys.merchantPrivateKey,
  keyType: "PKCS8",
  gateway: "http://127.0.0.1/gateway.do",
};
const key = new AlipaySdk({ ...app, alipayPublicKey: keys.channelPublicKey });
const certified = new AlipaySdk({
  ...app,
  appCertContent: keys.certificate,
  alipayPublicCertContent: keys.certificate,
  alipayRootCertContent: keys.certificate,
});
const request = {
  notify_url: "https://m.example/n?a=1&b=2",
  timestamp: "2026-11-28 16:52:24",
  bizContent: {
    out_trade_no: "o1",
    total_amount: "0.01",
    subject: '咖啡 +1 100% "q" / ~!*()\'',
    passback_params: { a_b: 1 },
  },
};
const paramsOf = (sdk) =>
  Object.fromEntries(new URLSearchParams(sdk.sdkExecute("alipay.trade.precreate", structuredClone(request))));

// No SDK signs a notification: these are signed here, and judged by the SDK.
const notification = {
  app_id: "2021000000000001",
  charset: "utf-8",
  fund_bill_list: '[{"amount":"0.01","fundChannel":"ALIPAYACCOUNT"}]',
  notify_id: "2026112800222000000000000000000001",
  out_trade_no: "o1",
  seller_id: "2088000000000001",
  subject: "咖啡 +1 100% & a=b",
  total_amount: "0.01",
  trade_status: "TRADE_SUCCESS",
  version: "1.0",
};
const text = Object.keys(notification)
  .sort()
  .map((name) => `${name}=${notification[name]}`)
  .join("&");
const sign = createSign("RSA-SHA256").update(text, "utf8").sign(keys.channelPrivateKey, "base64");
const notified = { ...notification, sign, sign_type: "RSA2" };
const alipay = {
  origin: "alipay-sdk 4.14.0 (npm)",
  request: { params: paramsOf(key) },
  certifiedRequest: { params: paramsOf(certified) },
  notification: { params: notified, verified: key.checkNotifySignV2({ ...notified }) },
};

const [mchid, serial, timestamp, nonce] = ["1900000001", "0A1B2C3D4E5F", "1700000000", "593BEC0C930BF1AF"];
const url = "/v3/pay/transactions/native?a=%E4%B8%AD+b";
const body = '{"out_trade_no":"o1","description":"咖啡"}';
const asked = Formatter.request("POST", url, timestamp, nonce, body);
const signature = Rsa.sign(asked, keys.merchantPrivateKey);
const plaintext = '{"out_trade_no":"o1","amount":{"total":1}}';
const [apiV3Key, iv, aad] = ["0123456789abcdef0123456789abcdef", "fdasflkja484", "transaction"];
const packageText = "prepay_id=wx201410272009395522657a690389285100";
const wechat = {
  origin: "wechatpay-axios-plugin 0.9.6 (npm)",
  request: {
    ...{ method: "POST", url, timestamp, nonce, body, mchid, serial },
    authorization: Formatter.authorization(mchid, nonce, signature, timestamp, serial),
    signature,
  },
  answer: {
    ...{ timestamp, nonce, body },
    signature: Rsa.sign(Formatter.response(timestamp, nonce, body), keys.channelPrivateKey),
  },
  emptyAnswer: {
    ...{ timestamp, nonce, body: "" },
    signature: Rsa.sign(Formatter.response(timestamp, nonce, ""), keys.channelPrivateKey),
  },
  resource: {
    ...{ plaintext, apiV3Key, nonce: iv, associated_data: aad },
    ciphertext: Aes.AesGcm.encrypt(plaintext, apiV3Key, iv, aad),
  },
  bridge: {
    ...{ appId: "wx00000000000051a0", timeStamp: timestamp, nonceStr: nonce, package: packageText },
    paySign: Rsa.sign(
      Formatter.joinedByLineFeed("wx00000000000051a0", timestamp, nonce, packageText),
      keys.merchantPrivateKey,
    ),
  },
};

const payload =
  '{"id":"evt_1","object":"event","type":"payment_intent.succeeded","data":{"object":{"name":"咖啡"}}}';
const secret = "whsec_abc";
const header = new Stripe("sk_test_x").webhooks.generateTestHeaderString({
  payload,
  secret,
  timestamp: 1_700_000_000,
});
const stripe = {
  origin: "stripe 23.1.0 (npm)",
  webhook: { payload, secret, timestamp: 1_700_000_000, header },
};

process.stdout.write(`${JSON.stringify({ alipay, wechat, stripe })}\n`);
