import { createHash, X509Certificate } from "node:crypto";

/**
 * The number by which Alipay names a certificate: MD5, in lower-case hexadecimal with its leading zeros, of the issuer
 * (last attribute first, `CN=…,OU=…,O=…,C=…`) and the serial number in decimal digits.
 */
export function certificateSn(pem: string): string {
  const { issuer, serialNumber } = new X509Certificate(pem);
  // Node writes one attribute a line, the first one first.
  const name = issuer.split("\n").reverse().join(",");
  return createHash("md5")
    .update(name + BigInt(`0x${serialNumber}`).toString())
    .digest("hex");
}
