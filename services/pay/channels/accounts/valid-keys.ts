import { z } from "zod";

const time = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), "must be a time, e.g. 2026-12-01T00:00:00+08:00");

/** When a key is used. Without a bound it has none. */
export const validity = { NotBefore: time.optional(), NotAfter: time.optional() };

interface Valid {
  readonly NotBefore?: string | undefined;
  readonly NotAfter?: string | undefined;
}

/** Those of some keys that may be used now, in their order. */
export function validKeys<Key extends Valid>(keys: readonly Key[], now: number): Key[] {
  return keys.filter((key) => beginOf(key) <= now && now < endOf(key));
}

/** The key to sign with: of those that may be used, the one that began last; undefined where there is none. */
export function activeKey<Key extends Valid>(keys: readonly Key[], now: number): Key | undefined {
  return validKeys(keys, now).reduce<Key | undefined>(
    (latest, key) => (latest === undefined || beginOf(key) >= beginOf(latest) ? key : latest),
    undefined,
  );
}

/**
 * When there is no key of one kind any more, milliseconds since the Unix epoch; undefined where each kind has one
 * without an end. A kind of which there are no keys is not needed.
 */
export function endOfKeys(...kinds: readonly (readonly Valid[])[]): number | undefined {
  const ends = kinds.filter((keys) => keys.length > 0).map((keys) => Math.max(...keys.map(endOf)));
  const end = Math.min(...ends);
  return Number.isFinite(end) ? end : undefined;
}

function beginOf({ NotBefore }: Valid): number {
  return NotBefore === undefined ? Number.NEGATIVE_INFINITY : Date.parse(NotBefore);
}

function endOf({ NotAfter }: Valid): number {
  return NotAfter === undefined ? Number.POSITIVE_INFINITY : Date.parse(NotAfter);
}
