import { createHmac } from "node:crypto";

/** `Stripe-Signature`: a time in seconds and one `v1` for each secret, no blanks between. */
export function webhookSignature(body: Uint8Array, secrets: readonly string[], timestamp: number): string {
  const signed = Buffer.concat([Buffer.from(`${timestamp}.`), body]);
  const signatures = secrets.map((secret) => createHmac("sha256", secret).update(signed).digest("hex"));
  return [`t=${timestamp}`, ...signatures.map((signature) => `v1=${signature}`)].join(",");
}
