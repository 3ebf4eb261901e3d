import { createDecipheriv, type KeyObject } from "node:crypto";
import { z } from "zod";
import { decodeBase64 } from "./verify.ts";

/** The authentication tag follows the encrypted bytes. */
const TAG_BYTES = 16;

/** What WeChat Pay encrypts: the resource of a notification, or a platform certificate. */
export const sealedResource = z.object({
  algorithm: z.literal("AEAD_AES_256_GCM"),
  ciphertext: z.string(),
  /** The bytes of this text, without decoding. */
  nonce: z.string().min(1).max(64),
  /** Missing, null and empty mean the same. */
  associated_data: z.string().nullish(),
});

export type SealedResource = z.output<typeof sealedResource>;

/** The decrypted content, by the first of the account's APIv3 keys that fits; undefined if none does. */
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
    // Only `final` checks the tag.
    return Buffer.concat([opened, decipher.final()]);
  } catch {
    return undefined;
  }
}
