import { createHash, type X509Certificate } from "node:crypto";

/** Of signatures by RSA, with whatever hash: roots with others are not counted. */
const RSA_SIGNATURES = "1.2.840.113549.1.1.";

/**
 * What Alipay calls a certificate (`app_cert_sn`, `alipay_cert_sn`): MD5 of its issuer, the last attribute first, and
 * its serial number in decimals; hex with its leading zeros. The three SDKs agree on it where an issuer has no other
 * attributes than CN, OU, O and C, without commas, as Alipay's have.
 */
export function certificateNumber({ issuer, serialNumber }: X509Certificate): string {
  // Node writes an attribute on each line, the first first.
  const name = issuer.split("\n").reverse().join(",");
  return createHash("md5")
    .update(`${name}${BigInt(`0x${serialNumber}`)}`)
    .digest("hex");
}

/** What Alipay calls some roots together (`alipay_root_cert_sn`). */
export function rootsNumber(roots: readonly X509Certificate[]): string {
  const counted = roots.filter(({ signatureAlgorithmOid }) =>
    signatureAlgorithmOid.startsWith(RSA_SIGNATURES),
  );
  return counted.map(certificateNumber).join("_");
}
