import type { Runtime } from "@mall/kit/runtime";
import type { AlipayAccount } from "../alipay/account.ts";
import { certificateSn } from "../alipay/certificate-sn.ts";
import { type CertificateName, makeCertificate } from "./certificate.ts";
import { type KeyPair, makeKeyPair } from "./key-pair.ts";

const YEAR_MS = 365 * 86_400_000;
const ROOT: CertificateName = { commonName: "Simulator Root R1", organization: "Simulator", unit: "Root CA" };

/** What a merchant of the simulator has in hand. */
export interface AlipayMerchant {
  readonly appId: string;
  readonly sellerId: string;
  /** PKCS #8 and PKCS #1 forms of the app's private key. */
  readonly privateKey: string;
  readonly privateKeyPkcs1: string;
  readonly alipayPublicKey: string;
  /** Set in certificate mode. */
  readonly appCertificate?: string;
  readonly alipayCertificate?: string;
  readonly rootCertificate?: string;
}

/** An app of Alipay, both sides of it. */
export async function makeAlipay(
  runtime: Runtime,
  { appId, mode }: { readonly appId: string; readonly mode: "key" | "certificate" },
): Promise<{ readonly account: AlipayAccount; readonly merchant: AlipayMerchant }> {
  const [own, alipay] = await Promise.all([makeKeyPair(), makeKeyPair()]);
  const sellerId = `2088${appId.slice(-12)}`;
  const account: AlipayAccount = {
    appId,
    sellerId,
    sellerEmail: "seller@simulator.example",
    appPublicKey: own.publicPem,
    alipayPrivateKey: alipay.privatePem,
  };
  const merchant: AlipayMerchant = {
    appId,
    sellerId,
    privateKey: own.privatePem,
    privateKeyPkcs1: String(own.privateKey.export({ type: "pkcs1", format: "pem" })),
    alipayPublicKey: alipay.publicPem,
  };
  if (mode === "key") return { account, merchant };
  const { root, app, own: alipayCertificate } = await makeChain(runtime, own, alipay);
  const certificates = {
    appSn: certificateSn(app),
    rootSn: certificateSn(root),
    alipaySn: certificateSn(alipayCertificate),
    alipayCertificate,
  };
  return {
    account: { ...account, certificates },
    merchant: { ...merchant, appCertificate: app, alipayCertificate, rootCertificate: root },
  };
}

/** A root, and the two certificates that it has issued. */
async function makeChain(runtime: Runtime, app: KeyPair, alipay: KeyPair) {
  const root = await makeKeyPair();
  const now = runtime.now();
  const issue = (commonName: string, publicKey: KeyPair["publicKey"]) =>
    makeCertificate({
      serial: `20${Buffer.from(runtime.randomBytes(15)).toString("hex")}`,
      subject: { ...ROOT, commonName },
      issuer: ROOT,
      notBefore: new Date(now - 1000),
      notAfter: new Date(now + 5 * YEAR_MS),
      publicKey,
      signingKey: root.privateKey,
      isAuthority: publicKey === root.publicKey,
    });
  return {
    root: await issue(ROOT.commonName, root.publicKey),
    app: await issue("Simulator App", app.publicKey),
    own: await issue("Simulator Alipay", alipay.publicKey),
  };
}
