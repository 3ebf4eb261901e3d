import { z } from "zod";

const time = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), "must be a time, e.g. 2026-12-01T00:00:00+08:00");

/** The period in which a key is used; unbounded where a limit is left out. */
export const validity = { NotBefore: time.optional(), NotAfter: time.optional() };

interface Valid {
  readonly NotBefore?: string | undefined;
  readonly NotAfter?: string | undefined;
}

/** The keys that are valid now, in their given order. */
export function validKeys<Key extends Valid>(keys: readonly Key[], now: number): Key[] {
  return keys.filter((key) => beginOf(key) <= now && now < endOf(key));
}

/** The key to sign with: of those valid now, the one whose period began last; undefined if there is none. */
export function activeKey<Key extends Valid>(keys: readonly Key[], now: number): Key | undefined {
  return validKeys(keys, now).reduce<Key | undefined>(
    (latest, key) => (latest === undefined || beginOf(key) >= beginOf(latest) ? key : latest),
    undefined,
  );
}

/**
 * When the last key of some kind expires, milliseconds since the Unix epoch; undefined if every kind has a key that
 * does not expire. A kind without keys is not needed and does not count.
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
