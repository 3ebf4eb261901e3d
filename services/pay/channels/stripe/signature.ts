import { createHmac, timingSafeEqual } from "node:crypto";

/** The header with the signature of a notification: `t=<unix seconds>,v1=<hex>[,v1=<hex>…]`. */
export const SIGNATURE_HEADER = "stripe-signature";

/**
 * How far the timestamp of a notification may be from now, in either direction, milliseconds; Stripe's SDKs only check
 * the past.
 */
const CLOCK_WINDOW_MS = 5 * 60_000;
/** Stripe signs once with each secret of an endpoint; there are two while one is being rolled. */
const HEADER_LENGTH_MAX = 4096;

/**
 * Whether one of `secrets` signed these bytes at a time close to `now` (milliseconds): HMAC-SHA256 over
 * `<timestamp>.<body>`, keyed with the whole text of the secret. Any v1 counts; other schemes (`v0`) are ignored.
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

/** Undefined if the header is malformed. A repeated `t` is refused, since parsers disagree about which one counts. */
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
