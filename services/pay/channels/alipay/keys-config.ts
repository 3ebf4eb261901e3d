import { createPublicKey } from "node:crypto";
import { secret } from "@mall/kit/config";
import { z } from "zod";
import { validity } from "../accounts/valid-keys.ts";
import { certificatesOf, privateKeyOf, publicKeyOf, rsa } from "./key-text.ts";
import { leadsToRoot } from "./trust.ts";

const privateKey = z
  .string()
  .refine(reads(privateKeyOf), or("must be an RSA private key of 2048 bits or more, as PEM or base64"));
const publicKey = z
  .string()
  .refine(reads(publicKeyOf), or("must be an RSA public key of 2048 bits or more, as PEM or base64"));
const certificates = z.string().refine(reads(certificatesOf), or("must be certificates in PEM"));
const rsaCertificate = certificates.refine(
  reads((text) => rsa(certificatesOf(text)[0].publicKey)),
  or("must begin with a certificate of an RSA key of 2048 bits or more"),
);

/**
 * An account's keys for one of Alipay's two modes: with exchanged public keys (`AlipayPublicKeys`), or with
 * certificates (`RootCertificates`). Certificates are not secret, but are marked so, which allows each to be in a file
 * of its own.
 */
export const alipayKeys = z
  .object({
    /** The app's own keys; the one whose period began last signs. */
    PrivateKeys: z
      .array(
        z.object({
          ...validity,
          PrivateKey: secret(privateKey),
          /** `appCertPublicKey_*.crt`; certificate mode only. */
          Certificate: secret(rsaCertificate.optional()),
        }),
      )
      .min(1),
    /** Alipay's keys, not the app's; each may have signed an incoming message. */
    AlipayPublicKeys: z.array(z.object({ ...validity, PublicKey: secret(publicKey) })).default([]),
    /** `alipayCertPublicKey_RSA2.crt`. */
    AlipayCertificates: z.array(z.object({ ...validity, Certificate: secret(rsaCertificate) })).default([]),
    /** `alipayRootCert.crt`. */
    RootCertificates: secret(certificates.optional()),
  })
  .superRefine((keys, context) => {
    const [fault] = keys.RootCertificates === undefined ? faultsOfKeys(keys) : faultsOfCertificates(keys);
    if (fault !== undefined) context.addIssue({ code: "custom", ...fault });
  });

export type AlipayKeys = z.output<typeof alipayKeys>;

interface Fault {
  readonly path: (string | number)[];
  readonly message: string;
}

function faultsOfKeys({ PrivateKeys, AlipayPublicKeys, AlipayCertificates }: AlipayKeys): Fault[] {
  const own = new Set(PrivateKeys.map(({ PrivateKey }) => spkiOfPrivate(PrivateKey)));
  const mistaken = AlipayPublicKeys.findIndex(({ PublicKey }) => own.has(spkiOf(PublicKey)));
  const certified = PrivateKeys.findIndex(({ Certificate }) => Certificate !== undefined);
  return [
    ...faultIf(
      AlipayPublicKeys.length === 0,
      ["AlipayPublicKeys"],
      "must hold a key, or RootCertificates be set",
    ),
    ...faultIf(
      mistaken >= 0,
      ["AlipayPublicKeys", mistaken, "PublicKey"],
      "is the app's own: it must be Alipay's",
    ),
    ...faultIf(certified >= 0, ["PrivateKeys", certified, "Certificate"], "needs RootCertificates"),
    ...faultIf(AlipayCertificates.length > 0, ["AlipayCertificates"], "needs RootCertificates"),
  ];
}

function faultsOfCertificates(keys: AlipayKeys): Fault[] {
  const { PrivateKeys, AlipayPublicKeys, AlipayCertificates } = keys;
  const other = PrivateKeys.findIndex((key) => !isOfOneKey(key));
  const strange = AlipayCertificates.findIndex(({ Certificate }) => !isOfRoots(Certificate, keys));
  const [root, leaf] = ["must be of the private key beside it", "must lead to one of RootCertificates"];
  return [
    ...faultIf(AlipayCertificates.length === 0, ["AlipayCertificates"], "must hold a certificate"),
    ...faultIf(
      AlipayPublicKeys.length > 0,
      ["AlipayPublicKeys"],
      "must be empty where RootCertificates is set",
    ),
    ...faultIf(other >= 0, ["PrivateKeys", other, "Certificate"], root),
    ...faultIf(strange >= 0, ["AlipayCertificates", strange, "Certificate"], leaf),
  ];
}

function faultIf(is: boolean, path: Fault["path"], message: string): Fault[] {
  return is ? [{ path, message }] : [];
}

function isOfOneKey({ PrivateKey, Certificate }: AlipayKeys["PrivateKeys"][number]): boolean {
  return (
    Certificate !== undefined && certificatesOf(Certificate)[0].checkPrivateKey(privateKeyOf(PrivateKey))
  );
}

function isOfRoots(text: string, { RootCertificates = "" }: AlipayKeys): boolean {
  const [certificate, ...between] = certificatesOf(text);
  return leadsToRoot(certificate, { between, roots: certificatesOf(RootCertificates) });
}

function spkiOfPrivate(text: string): string {
  return spkiOf(createPublicKey(privateKeyOf(text)).export({ type: "spki", format: "pem" }).toString());
}

function spkiOf(text: string): string {
  return publicKeyOf(text).export({ type: "spki", format: "der" }).toString("base64");
}

/** Keys that cannot be parsed are left out of the comparison. */
function or(error: string) {
  return { error, abort: true };
}

function reads(read: (text: string) => unknown): (text: string) => boolean {
  return (text) => {
    try {
      read(text);
      return true;
    } catch {
      return false;
    }
  };
}
