import { createHmac, timingSafeEqual } from "node:crypto";

/** Carries the signature of a notification: `t=<unix seconds>,v1=<hex>[,v1=<hex>…]`. */
export const SIGNATURE_HEADER = "stripe-signature";

/** How far a notification's second may be from now, in either direction, milliseconds; Stripe's SDKs look back only. */
const CLOCK_WINDOW_MS = 5 * 60_000;
/** Stripe signs once for each secret that an endpoint has, which are two while one is rolled. */
const HEADER_LENGTH_MAX = 4096;

/**
 * Whether one of `secrets` signed these bytes at a second close to `now` (milliseconds): HMAC-SHA256 over
 * `<second>.<body>`, keyed with the whole text of the secret. Any v1 counts, and other schemes (`v0`) for nothing.
 */
export function isSigned(
  header: string | undefined,
  body: Uint8Array,
  { secrets, now }: { readonly secrets: readonly string[]; readonly now: number },
): boolean {
  const parsed = parseHeader(header ?? "");
  if (parsed === undefined) return false;
  const { second, signatures } = parsed;
  if (Math.abs(now - Number(second) * 1000) > CLOCK_WINDOW_MS) return false;
  return secrets.some((secret) => {
    const expected = createHmac("sha256", secret).update(`${second}.`).update(body).digest();
    return signatures.some((signature) => timingSafeEqual(expected, signature));
  });
}

/** Undefined where it is not of the form; a second `t` is refused, as readers differ in which one counts. */
function parseHeader(header: string): { second: string; signatures: Buffer[] } | undefined {
  if (header.length > HEADER_LENGTH_MAX) return undefined;
  const items = header.split(",");
  const [second, ...others] = items.flatMap((item) => (item.startsWith("t=") ? [item.slice(2)] : []));
  if (second === undefined || others.length > 0 || !/^[1-9]\d{0,11}$/.test(second)) return undefined;
  const signatures = items.flatMap((item) => {
    const hex = /^v1=([0-9a-f]{64})$/.exec(item)?.[1];
    return hex === undefined ? [] : [Buffer.from(hex, "hex")];
  });
  return { second, signatures };
}
