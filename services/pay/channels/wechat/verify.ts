import { type KeyObject, verify } from "node:crypto";
import { SCHEME } from "./sign.ts";

/** Tolerance between the clocks of the two sides, in either direction, milliseconds. */
const CLOCK_WINDOW_MS = 300_000;

/** A signed message of WeChat Pay's: an answer or a notification. Header names in lower case, bytes as received. */
export interface SignedMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Whether any header claims to be a signature. */
export function hasSignature({ headers }: SignedMessage): boolean {
  return headers["wechatpay-signature"] !== undefined;
}

/**
 * Why a message is not a recent one of WeChat Pay's; undefined if it is. Its occasional probes, with signatures that
 * start with `WECHATPAY/SIGNTEST/`, must be refused, and are, like any wrong signature.
 *
 * @param keyOf the key with this name; only called if everything else is right.
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

/** Decodes base64; undefined if the text is empty or not in canonical form. */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64");
  // Buffer skips what is not base64, so only the canonical text comes back.
  return bytes.length > 0 && bytes.toString("base64") === text ? bytes : undefined;
}
