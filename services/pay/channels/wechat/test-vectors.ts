import { createCipheriv, createPrivateKey, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkConfig } from "@mall/kit/config";
import type { HttpAnswer, HttpRequest } from "@mall/kit/http";
import { silentLogger } from "@mall/kit/log";
import { createManualRuntime, type ManualRuntime } from "@mall/kit/testing";
import type { Channel, RawNotify } from "../channel.ts";
import { wechatAccount } from "./config.ts";
import { createWechatChannel } from "./wechat-channel.ts";

interface Message {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What an SDK of WeChat Pay made; see `origin` in the file. */
interface SdkVectors {
  /** Milliseconds since the Unix epoch, half a second after the messages were signed. */
  readonly now: number;
  readonly mchid: string;
  readonly appid: string;
  readonly merchantSerial: string;
  readonly merchantKey: string;
  readonly platformKey: string;
  readonly platformSerial: string;
  readonly apiV3Key: string;
  readonly publicKeyId: string;
  readonly publicKey: string;
  readonly requests: readonly { method: "GET" | "POST"; path: string; body: string; authorization: string }[];
  readonly credentials: Readonly<Record<"nonce" | "prepayId" | "jsapi" | "app", string>>;
  readonly certificates: Message;
  readonly answers: Readonly<Record<"trade" | "closed", Message>>;
  readonly notices: Readonly<Record<"trade" | "refund" | "noAssociatedData", Message>>;
}

// The file is of the interface above.
export const vectors = JSON.parse(
  readFileSync(join(import.meta.dirname, "testdata/sdk-vectors.json"), "utf8"),
) as SdkVectors;

const platformKey = createPrivateKey(vectors.platformKey);
const NONCE = "a5bd3b1fc9a34d1f8e20b1c9d0e1f2a3";
const RESOURCE_NONCE = "fdasflkja484";

/** The account that the vectors are of. */
export function vectorAccount(changes: object = {}) {
  const Keys = {
    MerchantKeys: [{ Serial: vectors.merchantSerial, PrivateKey: vectors.merchantKey }],
    ApiV3Keys: [{ Key: vectors.apiV3Key }],
    PublicKeys: [{ Id: vectors.publicKeyId, Key: vectors.publicKey }],
  };
  const { mchid: MchId, appid: AppId } = vectors;
  const NotifyUrl = "https://shop.test/api/pay/notify/wechat";
  return checkConfig("test", { MchId, AppId, NotifyUrl, Keys, ...changes }, wechatAccount);
}

/** A channel of that account, at the time of the vectors, whose other side a test plays. */
export interface VectorWorld {
  readonly channel: Channel;
  readonly runtime: ManualRuntime;
  readonly requests: HttpRequest[];
  /** Answers the channel's requests. */
  reply: (request: HttpRequest) => HttpAnswer;
}

export function openVectorWorld(changes: object = {}): VectorWorld {
  const nonce = Buffer.from(vectors.credentials.nonce, "hex");
  const runtime = { ...createManualRuntime(vectors.now), randomBytes: () => nonce };
  const requests: HttpRequest[] = [];
  const http = {
    send: async (request: HttpRequest) => {
      requests.push(request);
      return world.reply(request);
    },
  };
  const world: VectorWorld = {
    runtime,
    requests,
    channel: createWechatChannel(vectorAccount(changes), { runtime, http, log: silentLogger }),
    reply: () => ({ status: 500, headers: {}, body: new Uint8Array() }),
  };
  return world;
}

/** Bytes as WeChat Pay signs them: in public-key mode and now, unless told otherwise. */
export function sealed(
  body: string | Uint8Array,
  { at = vectors.now, serial = vectors.publicKeyId, status = 200 } = {},
): HttpAnswer & RawNotify {
  const timestamp = String(Math.floor(at / 1000));
  const bytes = Buffer.from(body);
  const text = Buffer.concat([Buffer.from(`${timestamp}\n${NONCE}\n`), bytes, Buffer.from("\n")]);
  const headers = {
    "wechatpay-timestamp": timestamp,
    "wechatpay-nonce": NONCE,
    "wechatpay-serial": serial,
    "wechatpay-signature-type": "WECHATPAY2-SHA256-RSA2048",
    "wechatpay-signature": sign("sha256", text, platformKey).toString("base64"),
  };
  return { status, headers, body: bytes };
}

/** A text as WeChat Pay encrypts it. */
export function encrypted(text: string, key = vectors.apiV3Key): object {
  const cipher = createCipheriv("aes-256-gcm", key, RESOURCE_NONCE);
  cipher.setAAD(Buffer.from("transaction"));
  const bytes = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  return {
    algorithm: "AEAD_AES_256_GCM",
    ciphertext: bytes.toString("base64"),
    nonce: RESOURCE_NONCE,
    associated_data: "transaction",
  };
}
