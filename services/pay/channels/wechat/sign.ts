import { type KeyObject, sign } from "node:crypto";
import type { MerchantKey } from "./account-keys.ts";

/** The scheme of the Authorization header, and the type of WeChat Pay's signatures. */
export const SCHEME = "WECHATPAY2-SHA256-RSA2048";

/** A request exactly as it is sent, since that is what is signed. */
export interface WireRequest {
  readonly method: "GET" | "POST";
  /** Including the query. */
  readonly path: string;
  /** Empty if there is none. */
  readonly body: string;
}

/** Who signs, when, and a nonce. */
export interface Signing {
  readonly mchId: string;
  readonly merchantKey: MerchantKey;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  readonly nonce: string;
}

/** SHA256withRSA over lines that each end in a line feed; base64. */
export function signLines(key: KeyObject, lines: readonly string[]): string {
  const text = lines.map((line) => `${line}\n`).join("");
  return sign("RSA-SHA256", Buffer.from(text), key).toString("base64");
}

/** The `Authorization` header of a request, with its parts in the order of WeChat Pay's own SDKs. */
export function authorization(
  { method, path, body }: WireRequest,
  { mchId, merchantKey, now, nonce }: Signing,
): string {
  const timestamp = unixText(now);
  const signature = signLines(merchantKey.key, [method, path, timestamp, nonce, body]);
  const parts = {
    mchid: mchId,
    nonce_str: nonce,
    timestamp,
    serial_no: merchantKey.Serial,
    signature,
  };
  const text = Object.entries(parts).map(([name, value]) => `${name}="${value}"`);
  return `${SCHEME} ${text.join(",")}`;
}

/** A time as signatures contain it: Unix seconds. */
export function unixText(now: number): string {
  return String(Math.floor(now / 1000));
}
