import { type KeyObject, sign, verify } from "node:crypto";

/** Names and values, each name once. */
export type Parameters = ReadonlyMap<string, string>;

/** The only supported `sign_type`: SHA256 with RSA. */
export const SIGN_TYPE = "RSA2";

const ALGORITHM = "RSA-SHA256";

/**
 * The signed text of some parameters: all that are given, decoded and sorted by name. Requests leave out `sign`,
 * notifications also `sign_type`, as in Alipay's SDKs.
 */
export function signedText(parameters: Parameters): string {
  const sorted = [...parameters].sort(([one], [other]) => (one < other ? -1 : 1));
  return sorted.map(([name, value]) => `${name}=${value}`).join("&");
}

/** The signature of a text, base64. */
export function signText(text: string, key: KeyObject): string {
  return sign(ALGORITHM, Buffer.from(text), key).toString("base64");
}

/** Whether one of the keys made the signature of a text. */
export function isSignedBy(keys: readonly KeyObject[], text: string, signature: string): boolean {
  const bytes = Buffer.from(signature, "base64");
  // Buffer ignores characters that are not base64; accept only the canonical form.
  if (bytes.toString("base64") !== signature) return false;
  const message = Buffer.from(text);
  return keys.some((key) => verify(ALGORITHM, message, key, bytes));
}
