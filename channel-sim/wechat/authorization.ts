import { verifiesRsa } from "../core/pem-keys.ts";
import type { SimRequest } from "../core/sim-http.ts";
import { merchantKeysOf, sameSerial, type WechatAccount } from "./account.ts";

const SCHEME = "WECHATPAY2-SHA256-RSA2048 ";
/** How far a request's clock may be off, seconds; from documents. */
const CLOCK_SECONDS_MAX = 300;

/**
 * The merchant that has signed a request, or why nobody has: SIGN_ERROR in words. The parts of the header come in any
 * order, as SDKs differ; the signature is over the path and query as they were sent.
 */
export function merchantOf(
  request: SimRequest,
  accounts: readonly WechatAccount[],
  now: number,
): { readonly account: WechatAccount } | { readonly wrong: string } {
  const header = request.headers.authorization ?? "";
  if (!header.startsWith(SCHEME)) return { wrong: "Authorization 头缺失或签名类型错误" };
  const { mchid, serial_no = "", timestamp = "", nonce_str = "", signature = "" } = partsOf(header);
  const account = accounts.find((one) => one.mchid === mchid);
  if (account === undefined) return { wrong: "商户号不存在" };
  const key = merchantKeysOf(account).find(({ serial }) => sameSerial(serial_no, serial));
  if (key === undefined) return { wrong: "商户证书序列号有误" };
  if (!isNear(timestamp, now)) return { wrong: "Http 头 Authorization 时间戳与标准时间相差过大" };
  const head = `${request.method}\n${request.url}\n${timestamp}\n${nonce_str}\n`;
  const text = Buffer.concat([Buffer.from(head), request.body, Buffer.from("\n")]);
  return verifiesRsa(text, signature, key.publicKey) ? { account } : { wrong: "签名错误，请检查后再试" };
}

function partsOf(header: string): Record<string, string | undefined> {
  const found = header.slice(SCHEME.length).matchAll(/(\w+)="([^"]*)"/g);
  return Object.fromEntries(Array.from(found, ([, name = "", value]) => [name, value]));
}

function isNear(timestamp: string, now: number): boolean {
  return /^\d{1,12}$/.test(timestamp) && Math.abs(Number(timestamp) - now / 1000) <= CLOCK_SECONDS_MAX;
}
