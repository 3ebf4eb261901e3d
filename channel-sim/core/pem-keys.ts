import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";

const keys = new Map<string, KeyObject>();

/** A PEM is read once: that costs more than a signature. */
function kept(pem: string, read: (pem: string) => KeyObject): KeyObject {
  const key = keys.get(pem) ?? read(pem);
  keys.set(pem, key);
  return key;
}

/** SHA256withRSA (PKCS #1 v1.5) in base64, which both Chinese channels use. */
export function signRsa(text: string | Uint8Array, privateKeyPem: string): string {
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  return sign("sha256", bytes, kept(privateKeyPem, createPrivateKey)).toString("base64");
}

/** Whether a signature in base64 is that of a PEM public key, also a certificate's. */
export function verifiesRsa(text: string | Uint8Array, signature: string, publicKeyPem: string): boolean {
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  return verify("sha256", bytes, kept(publicKeyPem, createPublicKey), Buffer.from(signature, "base64"));
}
