import { type KeyObject, X509Certificate } from "node:crypto";
import { Call } from "@mall/kit/call";
import type { HttpAnswer } from "@mall/kit/http";
import { z } from "zod";
import { readJson } from "../read-json.ts";
import { openResource, sealedResource } from "./resource.ts";
import { type Merchant, sendSigned } from "./signed-requests.ts";
import { whyNotGenuine } from "./verify.ts";
import { badAnswer, refusalBody, wireTime } from "./wire.ts";

const REQUEST = { method: "GET", path: "/v3/certificates", body: "" } as const;

/** WeChat Pay's code for merchants who have the public-key mode only; known from documents only. */
const NONE_STATUS = 404;

const listing = z.object({
  data: z.array(
    z.object({
      serial_no: z.string(),
      effective_time: wireTime,
      expire_time: wireTime,
      encrypt_certificate: sealedResource,
    }),
  ),
});

type Listed = z.output<typeof listing>["data"][number];

/** A platform certificate, with whose key WeChat Pay signs during its period. */
export interface PlatformCertificate {
  /** In upper case without leading zeros: SDKs write serial numbers differently, so they are compared as numbers. */
  readonly serial: string;
  readonly key: KeyObject;
  /** Milliseconds since the Unix epoch. */
  readonly effectiveAt: number;
  readonly expireAt: number;
}

/** The canonical form of a certificate's serial number. */
export function bareSerial(serial: string): string {
  return serial.replace(/^0+/, "").toUpperCase();
}

/**
 * Fetches the certificates that WeChat Pay signs with; none if it has none for the merchant. They are encrypted with
 * the APIv3 key, which proves their origin; the answer is signed by one of them, or by a key of the public-key mode.
 *
 * @param serial the key to sign the answer with, if one is known.
 * @throws AppError if there is no answer, or one that cannot be used.
 */
export async function askForCertificates(
  merchant: Merchant,
  serial: string | undefined,
): Promise<readonly PlatformCertificate[]> {
  const answer = await sendSigned(merchant, new Call(), { request: REQUEST, serial });
  if (answer.status === NONE_STATUS && refusalBody.safeParse(readJson(answer.body)).success) return [];
  if (answer.status !== 200)
    throw badAnswer(`certificates were asked for, and its status is ${answer.status}`);
  const certificates = readListing(merchant, answer);
  const keyOf = async (signedWith: string): Promise<KeyObject | undefined> =>
    merchant.keys.publicKey(signedWith, merchant.runtime.now()) ??
    certificates.find((each) => each.serial === bareSerial(signedWith))?.key;
  const why = await whyNotGenuine(answer, keyOf, merchant.runtime.now());
  if (why === undefined) return certificates;
  const [named] = certificates;
  // Without a named key, the answer may be signed with a public-key mode key that the account need not know.
  if (serial === undefined && named !== undefined) return askForCertificates(merchant, named.serial);
  throw badAnswer(`certificates were asked for, and ${why}`);
}

function readListing(merchant: Merchant, { body }: HttpAnswer): PlatformCertificate[] {
  const read = listing.safeParse(readJson(body));
  if (!read.success) throw badAnswer("it is no list of certificates");
  return read.data.data.map((listed) => readCertificate(merchant, listed));
}

function readCertificate({ keys }: Merchant, listed: Listed): PlatformCertificate {
  const pem = openResource(listed.encrypt_certificate, keys.apiV3Keys());
  if (pem === undefined) throw badAnswer("no APIv3 key of the account opens its certificates");
  const { publicKey, serialNumber } = toCertificate(pem);
  const serial = bareSerial(listed.serial_no);
  if (bareSerial(serialNumber) !== serial)
    throw badAnswer("a certificate has another number than it is listed by");
  if (publicKey.asymmetricKeyType !== "rsa") throw badAnswer("a certificate holds no RSA key");
  return { serial, key: publicKey, effectiveAt: listed.effective_time, expireAt: listed.expire_time };
}

function toCertificate(pem: Buffer): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw badAnswer("what it lists as a certificate is none");
  }
}
