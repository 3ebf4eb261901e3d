import { type KeyObject, verify } from "node:crypto";
import { SCHEME } from "./sign.ts";

/** How far the clocks of the two sides may be apart, in either direction, milliseconds. */
const CLOCK_WINDOW_MS = 300_000;

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** What WeChat Pay says and signs: an answer or a notification. Header names in lower case, bytes as they came. */
export interface SignedMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Whether anything claims to be a signature. */
export function hasSignature({ headers }: SignedMessage): boolean {
  return headers["wechatpay-signature"] !== undefined;
}

/**
 * Why a message is not WeChat Pay's own of these minutes; undefined where it is. What it sends now and then with a
 * signature that begins with `WECHATPAY/SIGNTEST/` is to be refused, and is, as any that does not fit.
 *
 * @param keyOf the key that WeChat Pay names so; asked only where all the rest is right.
 * @param now milliseconds since the Unix epoch.
 */
export async function whyNotGenuine(
  { headers, body }: SignedMessage,
  keyOf: (serial: string) => Promise<KeyObject | undefined>,
  now: number,
): Promise<string | undefined> {
  const { "wechatpay-timestamp": timestamp = "", "wechatpay-nonce": nonce = "" } = headers;
  const { "wechatpay-serial": serial = "", "wechatpay-signature": text = "" } = headers;
  const signature = decodeBase64(text);
  const isWhole = /^\d{1,12}$/.test(timestamp) && nonce !== "" && serial !== "";
  if (!isWhole || signature === undefined) return "it is not signed";
  if ((headers["wechatpay-signature-type"] ?? SCHEME) !== SCHEME) return "its signature is of another type";
  if (Math.abs(now - Number(timestamp) * 1000) > CLOCK_WINDOW_MS) return "it is not of these minutes";
  const key = await keyOf(serial);
  if (key === undefined) return "the key that it names is none of WeChat Pay's for this account";
  const signed = Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), body, Buffer.from("\n")]);
  return verify("RSA-SHA256", signed, key, signature) ? undefined : "its signature does not fit";
}

/** Bytes of a base64 text; undefined where the text is not the one that they have. */
export function decodeBase64(text: string): Buffer | undefined {
  if (!BASE64.test(text)) return undefined;
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : undefined;
}
