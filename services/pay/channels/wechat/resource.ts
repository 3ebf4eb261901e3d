import { createDecipheriv, type KeyObject } from "node:crypto";
import { z } from "zod";
import { decodeBase64 } from "./verify.ts";

/** The tag stands behind the encrypted bytes. */
const TAG_BYTES = 16;

/** What WeChat Pay encrypts: the subject of a notification, or a platform certificate. */
export const sealedResource = z.object({
  algorithm: z.literal("AEAD_AES_256_GCM"),
  ciphertext: z.string(),
  /** Used as text. */
  nonce: z.string().min(1).max(64),
  /** Missing, null and empty are the same. */
  associated_data: z.string().nullish(),
});

export type SealedResource = z.output<typeof sealedResource>;

/** What is in it, by the first of the account's APIv3 keys that opens it; undefined where none does. */
export function openResource(resource: SealedResource, keys: readonly KeyObject[]): Buffer | undefined {
  for (const key of keys) {
    const opened = openWith(resource, key);
    if (opened !== undefined) return opened;
  }
  return undefined;
}

function openWith(
  { ciphertext, nonce, associated_data }: SealedResource,
  key: KeyObject,
): Buffer | undefined {
  const bytes = decodeBase64(ciphertext);
  if (bytes === undefined || bytes.length < TAG_BYTES) return undefined;
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(associated_data ?? ""));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  const opened = decipher.update(bytes.subarray(0, -TAG_BYTES));
  try {
    // Only this compares the tag.
    return Buffer.concat([opened, decipher.final()]);
  } catch {
    return undefined;
  }
}
