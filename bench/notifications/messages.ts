import { createCipheriv, createPrivateKey, type KeyObject, randomBytes, sign } from "node:crypto";
import { makeAlipay, makeWechat, type WechatMerchant } from "@mall/channel-sim/testing";
import { systemRuntime } from "@mall/kit/runtime";
import type { NotifyRequest } from "@mall/pay/rpc";

/** A channel whose notifications are measured. */
export interface Sender {
  readonly name: string;
  /** The block `Channels` of a mall that has its account. */
  readonly channels: object;
  /** A notification of its own that a trade was paid, signed now. */
  make(): NotifyRequest;
}

const ALGORITHM = "RSA-SHA256";
/** Where nobody listens: verified notifications ask nobody for anything. */
const NOBODY = "http://127.0.0.1:9";

/** WeChat Pay in public-key mode. */
export async function wechatSender(): Promise<Sender> {
  const { account, merchant } = await makeWechat(systemRuntime, { mchid: "1900000001", mode: "public-key" });
  const platform = account.platformKeys.find(({ id }) => id === merchant.publicKeyId);
  if (platform === undefined) throw new Error("WeChat Pay has no key");
  const key = createPrivateKey(platform.privateKey);
  const Keys = {
    MerchantKeys: [{ Serial: merchant.serial, PrivateKey: merchant.privateKey }],
    ApiV3Keys: [{ Key: merchant.apiV3Key }],
    PublicKeys: [{ Id: merchant.publicKeyId, Key: merchant.publicKey }],
  };
  const block = { Gateway: NOBODY, MchId: merchant.mchid, AppId: merchant.appid, NotifyUrl: NOBODY, Keys };
  return { name: "wechat", channels: { WechatPay: [block] }, make: () => wechatNotification(merchant, key) };
}

/** Alipay in key mode. */
export async function alipaySender(): Promise<Sender> {
  const { account, merchant } = await makeAlipay(systemRuntime, { appId: "2021000000000001", mode: "key" });
  const key = createPrivateKey(account.alipayPrivateKey);
  const { appId: AppId, sellerId: SellerId } = merchant;
  const Keys = {
    PrivateKeys: [{ PrivateKey: merchant.privateKey }],
    AlipayPublicKeys: [{ PublicKey: merchant.alipayPublicKey }],
  };
  const block = { Gateway: NOBODY, AppId, SellerId, NotifyUrl: NOBODY, Keys };
  const make = (): NotifyRequest => alipayNotification({ app_id: AppId, seller_id: SellerId }, key);
  return { name: "alipay", channels: { Alipay: [block] }, make };
}

function wechatNotification({ mchid, appid, apiV3Key, publicKeyId }: WechatMerchant, key: KeyObject) {
  const transaction = {
    ...{ mchid, appid, out_trade_no: newNumber(), transaction_id: `42000${newNumber()}` },
    ...{ trade_type: "NATIVE", trade_state: "SUCCESS", trade_state_desc: "支付成功", bank_type: "OTHERS" },
    ...{ attach: "", success_time: "2026-11-28T10:00:00+08:00", payer: { openid: "oUpF8uMuAJO_M2pxb1Q9" } },
    amount: { total: 500, payer_total: 500, currency: "CNY", payer_currency: "CNY" },
  };
  const body = Buffer.from(
    JSON.stringify({
      ...{ id: newNumber(), create_time: "2026-11-28T10:00:01+08:00", resource_type: "encrypt-resource" },
      ...{ event_type: "TRANSACTION.SUCCESS", summary: "支付成功" },
      resource: encrypted(JSON.stringify(transaction), apiV3Key),
    }),
  );
  const timestamp = String(Math.floor(systemRuntime.now() / 1000));
  const nonce = newNumber();
  const signed = Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), body, Buffer.from("\n")]);
  return {
    channel: "wechat",
    headers: namedHeaders({
      "content-type": "application/json",
      "wechatpay-timestamp": timestamp,
      "wechatpay-nonce": nonce,
      "wechatpay-serial": publicKeyId,
      "wechatpay-signature": sign(ALGORITHM, signed, key).toString("base64"),
      "wechatpay-signature-type": "WECHATPAY2-SHA256-RSA2048",
    }),
    body,
  };
}

function encrypted(text: string, apiV3Key: string): object {
  const [nonce, associated_data] = [randomBytes(6).toString("hex"), "transaction"];
  const cipher = createCipheriv("aes-256-gcm", Buffer.from(apiV3Key), nonce);
  cipher.setAAD(Buffer.from(associated_data));
  const bytes = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  const ciphertext = bytes.toString("base64");
  return { original_type: "transaction", algorithm: "AEAD_AES_256_GCM", ciphertext, associated_data, nonce };
}

function alipayNotification(account: Readonly<Record<string, string>>, key: KeyObject): NotifyRequest {
  const amount = "5.00";
  const said: Record<string, string> = {
    ...{ ...account, notify_id: newNumber(), notify_type: "trade_status_sync", charset: "utf-8" },
    ...{ version: "1.0", notify_time: "2026-11-28 10:00:01", gmt_create: "2026-11-28 09:59:00" },
    ...{ trade_no: `2026112822001${newNumber()}`.slice(0, 28), out_trade_no: newNumber() },
    ...{ trade_status: "TRADE_SUCCESS", total_amount: amount, receipt_amount: amount },
    ...{ buyer_pay_amount: amount, invoice_amount: amount, point_amount: "0.00", subject: "Order 1" },
    ...{ gmt_payment: "2026-11-28 10:00:00", buyer_id: "2088102177846880", buyer_logon_id: "buy***@a.cn" },
    fund_bill_list: JSON.stringify([{ amount, fundChannel: "ALIPAYACCOUNT" }]),
  };
  const names = Object.keys(said).toSorted();
  const text = names.map((name) => `${name}=${said[name]}`).join("&");
  const form = {
    ...said,
    sign_type: "RSA2",
    sign: sign(ALGORITHM, Buffer.from(text), key).toString("base64"),
  };
  return {
    channel: "alipay",
    headers: namedHeaders({ "content-type": "application/x-www-form-urlencoded; charset=utf-8" }),
    body: Buffer.from(new URLSearchParams(form).toString()),
  };
}

function namedHeaders(headers: Readonly<Record<string, string>>): NotifyRequest["headers"] {
  const all = { host: "shop.example", "user-agent": "Mozilla/4.0", connection: "keep-alive", ...headers };
  return Object.entries(all).map(([name, value]) => ({ name, value }));
}

function newNumber(): string {
  return randomBytes(16).toString("hex");
}
