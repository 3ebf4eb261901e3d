import type { Runtime } from "@mall/kit/runtime";
import type { PlatformKey, WechatAccount } from "../wechat/account.ts";
import { type CertificateName, makeCertificate } from "./certificate.ts";
import { makeKeyPair } from "./key-pair.ts";

const YEAR_MS = 365 * 86_400_000;
const SERIAL_BYTES = 19;

const PLATFORM: CertificateName = {
  commonName: "Tenpay.com sign",
  organization: "Tenpay.com",
  unit: "Simulator",
};

/** What a merchant of the simulator has in hand. */
export interface WechatMerchant {
  readonly mchid: string;
  readonly appid: string;
  readonly apiV3Key: string;
  readonly serial: string;
  readonly privateKey: string;
  readonly certificate: string;
  /** Of the public-key mode. */
  readonly publicKeyId: string;
  readonly publicKey: string;
  /** The platform certificate that signs. */
  readonly platformCertificate: string;
  readonly platformSerial: string;
}

/** A merchant of WeChat Pay, both sides of it. */
export async function makeWechat(
  runtime: Runtime,
  { mchid, mode }: Pick<WechatAccount, "mchid" | "mode">,
): Promise<{ readonly account: WechatAccount; readonly merchant: WechatMerchant }> {
  const [own, publicMode, certificateKey] = await Promise.all([
    makeKeyPair(),
    makeKeyPair(),
    makePlatformKey(runtime),
  ]);
  const serial = newSerial(runtime);
  const subject: CertificateName = { commonName: mchid, organization: "Simulator", unit: "Merchant" };
  const now = runtime.now();
  const certificate = await makeCertificate({
    serial,
    subject,
    issuer: PLATFORM,
    notBefore: new Date(now),
    notAfter: new Date(now + 5 * YEAR_MS),
    publicKey: own.publicKey,
    signingKey: certificateKey.pair.privateKey,
  });
  const publicKeyId = `PUB_KEY_ID_0${hex(runtime, 20).replace(/[a-f]/g, "7")}`;
  const apiV3Key = hex(runtime, 16);
  const publicModeKey: PlatformKey = {
    id: publicKeyId,
    privateKey: publicMode.privatePem,
    effectiveAt: now,
    expireAt: now + 50 * YEAR_MS,
  };
  const appid = "wx00000000000051a0";
  return {
    account: {
      mchid,
      appids: [appid],
      apiV3Key,
      merchantSerial: serial,
      merchantPublicKey: own.publicPem,
      mode,
      platformKeys: [certificateKey.key, publicModeKey],
    },
    merchant: {
      mchid,
      appid,
      apiV3Key,
      serial,
      privateKey: own.privatePem,
      certificate,
      publicKeyId,
      publicKey: publicMode.publicPem,
      platformCertificate: certificateKey.key.certificate ?? "",
      platformSerial: certificateKey.key.id,
    },
  };
}

/** The key of a platform certificate that is valid from now on. */
export async function makePlatformKey(runtime: Runtime) {
  const pair = await makeKeyPair();
  const id = newSerial(runtime);
  const now = runtime.now();
  const expireAt = now + 5 * YEAR_MS;
  const certificate = await makeCertificate({
    serial: id,
    subject: PLATFORM,
    issuer: PLATFORM,
    notBefore: new Date(now - 1000),
    notAfter: new Date(expireAt),
    publicKey: pair.publicKey,
    signingKey: pair.privateKey,
  });
  const key: PlatformKey = { id, privateKey: pair.privatePem, certificate, effectiveAt: now, expireAt };
  return { key, pair };
}

/** 40 digits of which the first is 0, as half of the SDKs leave that one out. */
function newSerial(runtime: Runtime): string {
  return `0A${hex(runtime, SERIAL_BYTES).toUpperCase()}`;
}

function hex(runtime: Runtime, bytes: number): string {
  return Buffer.from(runtime.randomBytes(bytes)).toString("hex");
}
