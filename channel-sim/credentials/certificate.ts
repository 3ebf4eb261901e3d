import "reflect-metadata";
import type { KeyObject } from "node:crypto";
import { BasicConstraintsExtension, X509CertificateGenerator } from "@peculiar/x509";

/** One of the four that Alipay's certificates have, and no other: SDKs write others in different ways. */
export interface CertificateName {
  readonly commonName: string;
  readonly organization: string;
  readonly unit: string;
}

/** What a certificate says. */
export interface CertificateOptions {
  /** Hexadecimal. */
  readonly serial: string;
  readonly subject: CertificateName;
  readonly issuer: CertificateName;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly publicKey: KeyObject;
  /** The issuer's private key. */
  readonly signingKey: KeyObject;
  /** It issues others. */
  readonly isAuthority?: boolean;
}

const RSA = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

/** An X.509 certificate, signed by SHA256withRSA, as PEM. */
export async function makeCertificate(options: CertificateOptions): Promise<string> {
  const { serial, subject, issuer, publicKey, signingKey, isAuthority = false, ...dates } = options;
  const [spki, pkcs8] = [
    publicKey.export({ type: "spki", format: "der" }),
    signingKey.export({ type: "pkcs8", format: "der" }),
  ];
  const certificate = await X509CertificateGenerator.create({
    ...dates,
    serialNumber: serial,
    subject: nameOf(subject),
    issuer: nameOf(issuer),
    publicKey: await crypto.subtle.importKey("spki", spki, RSA, true, ["verify"]),
    signingKey: await crypto.subtle.importKey("pkcs8", pkcs8, RSA, true, ["sign"]),
    signingAlgorithm: RSA,
    extensions: [new BasicConstraintsExtension(isAuthority, undefined, true)],
  });
  return `${certificate.toString("pem")}\n`;
}

function nameOf({ commonName, organization, unit }: CertificateName): string {
  return `C=CN,O=${organization},OU=${unit},CN=${commonName}`;
}
