import { fitText } from "@mall/kit/store";
import { z } from "zod";
import type { Opened, PayProduct, PrepayRequest } from "../channel.ts";
import type { WechatAccount } from "./config.ts";
import { signLines, unixText, type WireRequest } from "./sign.ts";
import { type Merchant, newNonce } from "./signed-requests.ts";
import { toWireTime } from "./wire.ts";

/** Longest description, characters; known from documents only. */
const DESCRIPTION_LENGTH_MAX = 127;

/** WeChat Pay's name for a product, and the content of its answer. */
interface Product {
  readonly path: string;
  readonly answer: z.ZodType<string>;
  /** Makes the credential from the content of the answer. */
  readonly open: (merchant: Merchant, told: string, request: PrepayRequest) => Opened["credential"];
}

const codeUrl = z.object({ code_url: text() }).transform(({ code_url }) => code_url);
const prepayId = z.object({ prepay_id: text() }).transform(({ prepay_id }) => prepay_id);
const pageUrl = z
  .object({ h5_url: z.url({ protocol: /^https?$/ }).max(2048) })
  .transform(({ h5_url }) => h5_url);

const PRODUCTS: Readonly<Partial<Record<PayProduct, Product>>> = {
  qr: { path: "native", answer: codeUrl, open: (_merchant, told) => ({ kind: "qr", text: told }) },
  jsapi: { path: "jsapi", answer: prepayId, open: openInWechat },
  app: { path: "app", answer: prepayId, open: openInApp },
  h5: { path: "h5", answer: pageUrl, open: openPage },
};

/** The products of an account; the first is the default. */
export const WECHAT_PRODUCTS = ["qr", "jsapi", "app", "h5"] as const;

const HOUR_MS = 3_600_000;

/** How long what opens a payment can be used, whenever the trade itself ends; known from documents only. */
export const WECHAT_CREDENTIAL_MS = {
  qr: 2 * HOUR_MS,
  jsapi: 2 * HOUR_MS,
  app: 2 * HOUR_MS,
  h5: HOUR_MS / 12,
} as const;

export function productOf(name: PayProduct): Product | undefined {
  return PRODUCTS[name];
}

/** The request that opens a trade: the same text for every retry. */
export function prepayRequest(
  { AppId, MchId, NotifyUrl }: WechatAccount,
  { path }: Product,
  request: PrepayRequest,
): WireRequest {
  const { outTradeNo, amount: total, currency, subject, expireAt, product } = request;
  const body = {
    appid: AppId,
    mchid: MchId,
    description: fitText(subject, DESCRIPTION_LENGTH_MAX),
    out_trade_no: outTradeNo,
    time_expire: toWireTime(expireAt),
    notify_url: NotifyUrl,
    amount: { total, currency },
    ...(product === "jsapi" && { payer: { openid: request.payerId } }),
    ...(product === "h5" && {
      scene_info: { payer_client_ip: request.clientAddress, h5_info: { type: "Wap" } },
    }),
  };
  return { method: "POST", path: `/v3/pay/transactions/${path}`, body: JSON.stringify(body) };
}

/** The parameters for `WeixinJSBridge` and a mini program's `requestPayment`. */
function openInWechat(merchant: Merchant, prepay: string): Opened["credential"] {
  const { AppId: appId } = merchant.account;
  const { timeStamp, nonceStr, key } = signingNow(merchant);
  const what = `prepay_id=${prepay}`;
  const paySign = signLines(key, [appId, timeStamp, nonceStr, what]);
  return sdk({ appId, timeStamp, nonceStr, package: what, signType: "RSA", paySign });
}

/** The parameters for WeChat's SDK in the shop's app. */
function openInApp(merchant: Merchant, prepayid: string): Opened["credential"] {
  const { AppId: appid, MchId: partnerid } = merchant.account;
  const { timeStamp: timestamp, nonceStr: noncestr, key } = signingNow(merchant);
  const sign = signLines(key, [appid, timestamp, noncestr, prepayid]);
  return sdk({ appid, partnerid, prepayid, package: "Sign=WXPay", noncestr, timestamp, sign });
}

/** A page that opens WeChat, and returns from there. */
function openPage(_merchant: Merchant, page: string, { returnUrl }: PrepayRequest): Opened["credential"] {
  if (returnUrl === undefined) return { kind: "url", text: page };
  const joint = page.includes("?") ? "&" : "?";
  return { kind: "url", text: `${page}${joint}redirect_url=${encodeURIComponent(returnUrl)}` };
}

function signingNow({ keys, runtime }: Merchant) {
  const now = runtime.now();
  return { timeStamp: unixText(now), nonceStr: newNonce(runtime), key: keys.merchantKey(now).key };
}

function sdk(parameters: object): Opened["credential"] {
  return { kind: "sdk", text: JSON.stringify(parameters) };
}

function text() {
  return z.string().regex(/^[!-~]{1,512}$/);
}
