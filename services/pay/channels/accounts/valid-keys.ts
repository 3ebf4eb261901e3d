import { z } from "zod";

const time = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), "must be a time, e.g. 2026-12-01T00:00:00+08:00")
  .transform((text) => Date.parse(text));

/** When a key is used; milliseconds since the Unix epoch once it is read. Without a bound it has none. */
export const validity = { NotBefore: time.optional(), NotAfter: time.optional() };

interface Valid {
  readonly NotBefore?: number | undefined;
  readonly NotAfter?: number | undefined;
}

/** Those of some keys that may be used now, in their order. */
export function validKeys<Key extends Valid>(keys: readonly Key[], now: number): Key[] {
  return keys.filter(
    ({ NotBefore, NotAfter }) => (NotBefore ?? now) <= now && now < (NotAfter ?? Number.POSITIVE_INFINITY),
  );
}

/** The key to sign with: of those that may be used, the one that began last; undefined where there is none. */
export function activeKey<Key extends Valid>(keys: readonly Key[], now: number): Key | undefined {
  return validKeys(keys, now).reduce<Key | undefined>(
    (latest, key) => (latest === undefined || (key.NotBefore ?? 0) >= (latest.NotBefore ?? 0) ? key : latest),
    undefined,
  );
}
