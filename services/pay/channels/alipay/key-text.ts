import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from "node:crypto";

const PEM = /-----BEGIN /;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;
/** RSA2 asks for as many. */
const RSA_BITS_MIN = 2048;

/**
 * A private key, as PEM or as Alipay's tool for keys gives it: the base64 of PKCS#8 (for Java) or PKCS#1 (for others).
 *
 * @throws Error where it is none of RSA with 2048 bits or more.
 */
export function privateKeyOf(text: string): KeyObject {
  if (PEM.test(text)) return rsa(createPrivateKey(text));
  const key = derOf(text);
  const read = (type: "pkcs8" | "pkcs1"): KeyObject => createPrivateKey({ key, format: "der", type });
  try {
    return rsa(read("pkcs8"));
  } catch {
    return rsa(read("pkcs1"));
  }
}

/**
 * A public key, as PEM or as Alipay shows it: the base64 of its SubjectPublicKeyInfo.
 *
 * @throws Error as {@link privateKeyOf}.
 */
export function publicKeyOf(text: string): KeyObject {
  if (!PEM.test(text)) return rsa(createPublicKey({ key: derOf(text), format: "der", type: "spki" }));
  // Of a private key Node would give the public half, of which there is no use here.
  if (!text.includes("-----BEGIN PUBLIC KEY-----")) throw new Error("it is no public key");
  return rsa(createPublicKey(text));
}

/**
 * The certificates in a PEM text, in its order; Alipay's files hold one or several.
 *
 * @throws Error where there is none, or one that cannot be read.
 */
export function certificatesOf(text: string): [X509Certificate, ...X509Certificate[]] {
  const [first, ...others] = text.match(CERTIFICATE) ?? [];
  if (first === undefined) throw new Error("it holds no certificate");
  return [new X509Certificate(first), ...others.map((pem) => new X509Certificate(pem))];
}

/** @throws Error where the key is of another kind, which would be another signature. */
export function rsa(key: KeyObject): KeyObject {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== "rsa" || bits < RSA_BITS_MIN)
    throw new Error("it is no RSA key of 2048 bits");
  return key;
}

function derOf(text: string): Buffer {
  const base64 = text.replaceAll(/\s/g, "");
  if (!BASE64.test(base64)) throw new Error("it is neither PEM nor base64");
  return Buffer.from(base64, "base64");
}
