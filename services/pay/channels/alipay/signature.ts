import { type KeyObject, sign, verify } from "node:crypto";

/** Names and values, each once. */
export type Parameters = ReadonlyMap<string, string>;

/** The one method of signing that is spoken, `sign_type`: SHA256 with RSA. */
export const SIGN_TYPE = "RSA2";

const ALGORITHM = "RSA-SHA256";

/**
 * What is signed of some parameters: all that are given, decoded, in the order of their names. A request leaves `sign`
 * out, a notification `sign_type` too. As Alipay's SDKs do it.
 */
export function signedText(parameters: Parameters): string {
  const sorted = [...parameters].sort(([one], [other]) => (one < other ? -1 : 1));
  return sorted.map(([name, value]) => `${name}=${value}`).join("&");
}

/** The signature of a text, base64. */
export function signText(text: string, key: KeyObject): string {
  return sign(ALGORITHM, Buffer.from(text), key).toString("base64");
}

/** Whether one of some keys made a signature of a text. */
export function isSignedBy(keys: readonly KeyObject[], text: string, signature: string): boolean {
  const bytes = Buffer.from(signature, "base64");
  // Buffer reads over what is no base64; a signature is written in one way only.
  if (bytes.toString("base64") !== signature) return false;
  const message = Buffer.from(text);
  return keys.some((key) => verify(ALGORITHM, message, key, bytes));
}
