import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from "node:crypto";

const PEM = /-----BEGIN /;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;
/** The minimum for RSA2. */
const RSA_BITS_MIN = 2048;

/**
 * Parses a private key in PEM, or in the format of Alipay's key tool: base64 of PKCS#8 (for Java) or PKCS#1 (for other
 * languages).
 *
 * @throws Error if it is not an RSA key of at least 2048 bits.
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
 * Parses a public key in PEM, or as Alipay displays it: base64 of its SubjectPublicKeyInfo.
 *
 * @throws Error as {@link privateKeyOf}.
 */
export function publicKeyOf(text: string): KeyObject {
  if (!PEM.test(text)) return rsa(createPublicKey({ key: derOf(text), format: "der", type: "spki" }));
  // Node would silently take the public half of a private key, which is a mistake here.
  if (!text.includes("-----BEGIN PUBLIC KEY-----")) throw new Error("it is no public key");
  return rsa(createPublicKey(text));
}

/**
 * The certificates in a PEM text, in order; Alipay's files hold one or more.
 *
 * @throws Error if there is none, or one that cannot be parsed.
 */
export function certificatesOf(text: string): [X509Certificate, ...X509Certificate[]] {
  const [first, ...others] = text.match(CERTIFICATE) ?? [];
  if (first === undefined) throw new Error("it holds no certificate");
  return [new X509Certificate(first), ...others.map((pem) => new X509Certificate(pem))];
}

/** @throws Error for a key of another type, which would make another kind of signature. */
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
