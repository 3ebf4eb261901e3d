import { createHash, type X509Certificate } from "node:crypto";

/** The signature algorithms of RSA with any hash; Alipay's SDKs skip roots with another one. */
const RSA_SIGNATURES = "1.2.840.113549.1.1.";

/**
 * Alipay's number of a certificate (`app_cert_sn`, `alipay_cert_sn`): the MD5, in hex with leading zeros, of its issuer
 * (attributes in reverse order) and its decimal serial number. The three SDKs agree as long as an issuer has only the
 * attributes CN, OU, O and C, without commas, as Alipay's have.
 */
export function certificateNumber({ issuer, serialNumber }: X509Certificate): string {
  // Node prints one attribute per line, in the certificate's order.
  const name = issuer.split("\n").reverse().join(",");
  return createHash("md5")
    .update(`${name}${BigInt(`0x${serialNumber}`)}`)
    .digest("hex");
}

/** Alipay's number of a set of root certificates (`alipay_root_cert_sn`). */
export function rootsNumber(roots: readonly X509Certificate[]): string {
  const counted = roots.filter(({ signatureAlgorithmOid }) =>
    signatureAlgorithmOid.startsWith(RSA_SIGNATURES),
  );
  return counted.map(certificateNumber).join("_");
}
