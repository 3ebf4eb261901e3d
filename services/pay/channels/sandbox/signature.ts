import { createHmac, timingSafeEqual } from "node:crypto";

/** The header with the signature of a request, an answer or a notification: `t=<unix seconds>,v1=<hex>`. */
export const SIGNATURE_HEADER = "x-sandbox-signature";

/** Tolerance between the clocks of the two sides, in either direction, milliseconds. */
const CLOCK_WINDOW_MS = 5 * 60_000;

const FORM = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/;

/** What is signed, and with which secret. */
export interface Signed {
  readonly secret: string;
  /** The purpose of the bytes; a signature made for one purpose is not valid for another. */
  readonly purpose: string;
  readonly body: Uint8Array;
}

/** The purposes of the sandbox's messages. An answer is bound to the request that it answers. */
export const PURPOSE = {
  request: (operation: string) => `request ${operation}`,
  answer: (requestSignature: string) => `answer to ${requestSignature}`,
  notify: "notify",
} as const;

/** The signature of a message: HMAC-SHA256 over timestamp, purpose and bytes. `now` in milliseconds. */
export function sign(signed: Signed, now: number): string {
  const second = String(Math.floor(now / 1000));
  return `t=${second},v1=${digest(signed, second).toString("hex")}`;
}

/** Whether the holder of the secret made `signature` for this message, within the window around `now`. */
export function isSigned(signature: string | undefined, signed: Signed, now: number): boolean {
  const [, second, hex] = FORM.exec(signature ?? "") ?? [];
  if (second === undefined || hex === undefined) return false;
  const genuine = timingSafeEqual(digest(signed, second), Buffer.from(hex, "hex"));
  return genuine && Math.abs(now - Number(second) * 1000) <= CLOCK_WINDOW_MS;
}

function digest({ secret, purpose, body }: Signed, second: string): Buffer {
  return createHmac("sha256", secret).update(`${second}\n${purpose}\n`).update(body).digest();
}
