import { createSign } from "node:crypto";
import { readFileSync } from "node:fs";
import { checkConfig } from "@mall/kit/config";
import type { HttpAnswer, HttpRequest, HttpTransport } from "@mall/kit/http";
import { silentLogger } from "@mall/kit/log";
import { createManualRuntime, type ManualRuntime } from "@mall/kit/testing";
import type { Channel } from "../channel.ts";
import { createAlipayChannel } from "./alipay-channel.ts";
import { alipayAccount } from "./config.ts";
import { privateKeyOf } from "./key-text.ts";

interface GoldenKeys {
  readonly app: { readonly pkcs1: string; readonly pkcs8: string; readonly public: string };
  readonly alipay: { readonly private: string; readonly public: string };
  readonly short: { readonly public: string };
}

interface Golden {
  readonly keys: GoldenKeys;
  readonly certificateKeys: Readonly<Record<string, string>>;
  readonly certificates: Readonly<Record<string, string>>;
  readonly numbers: Readonly<Record<string, string>>;
  readonly rootsNumber: string;
  readonly requests: readonly Readonly<Record<string, string>>[];
  readonly answers: Readonly<Record<string, string>>;
  readonly notifies: Readonly<Record<string, string>>;
}

/** What Alipay's own SDK made of some keys and texts; its `origin` says how. */
export const golden: Golden = JSON.parse(
  readFileSync(new URL("testdata/alipay-sdk.json", import.meta.url), "utf8"),
);

export const APP_ID = "2021000000000001";
export const SELLER_ID = "2088000000000001";
export const GATEWAY = "http://alipay.test/gateway.do";
const { app, alipay } = golden.keys;

/** Keys of the mode with public keys. */
export const KEYS = {
  PrivateKeys: [{ PrivateKey: app.pkcs1 }],
  AlipayPublicKeys: [{ PublicKey: alipay.public }],
};

/** Keys of the mode with certificates. */
export const CERTIFICATES = {
  PrivateKeys: [{ PrivateKey: certificateKey("app"), Certificate: certificate("app") }],
  AlipayCertificates: [{ Certificate: certificate("alipay") + certificate("mid") }],
  RootCertificates: certificate("root") + certificate("ecroot") + certificate("root2"),
};

export function certificate(name: string): string {
  return golden.certificates[name] ?? "";
}

export function certificateKey(name: string): string {
  return golden.certificateKeys[name] ?? "";
}

export function certificateNo(name: string): string {
  return golden.numbers[name] ?? "";
}

/** An account's configuration, as a file would hold it. */
export function accountWith(keys: object, more: object = {}) {
  const values = {
    Gateway: GATEWAY,
    AppId: APP_ID,
    NotifyUrl: "https://shop.test/notify",
    Keys: keys,
    ...more,
  };
  return checkConfig("test", values, alipayAccount);
}

/** The signature of a text by the base64 of a private key. */
export function signedBy(key: string, text: string): string {
  return createSign("RSA-SHA256").update(text, "utf8").sign(privateKeyOf(key), "base64");
}

/** An answer of the gateway's, signed unless told otherwise. */
export function answerOf(
  method: string,
  node: object | string,
  { key = alipay.private, sn }: { readonly key?: string | undefined; readonly sn?: string | undefined } = {},
): HttpAnswer {
  const text = typeof node === "string" ? node : JSON.stringify(node);
  const name = `${method.replaceAll(".", "_")}_response`;
  const behind = sn === undefined ? "" : `,"alipay_cert_sn":"${sn}"`;
  return answered(`{"${name}":${text},"sign":"${signedBy(key, text)}"${behind}}`);
}

/** An answer of anybody's. */
export function answered(body: string | Uint8Array, status = 200): HttpAnswer {
  return { status, headers: {}, body: typeof body === "string" ? Buffer.from(body) : body };
}

/** What was asked of the gateway: its parameters, from query and body. */
interface AskedOf {
  readonly parameters: ReadonlyMap<string, string>;
  readonly method: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/** A channel whose gateway is a test's. */
export interface AlipayWorld {
  readonly channel: Channel;
  readonly runtime: ManualRuntime;
  readonly asked: AskedOf[];
  /** Gives the next answers, or fails. */
  answer: (asked: AskedOf) => HttpAnswer;
}

/** Opens a world in 2027, which is within the time of the certificates. */
export function openAlipayWorld(account = accountWith(KEYS, { SellerId: SELLER_ID })): AlipayWorld {
  const runtime = createManualRuntime(Date.parse("2027-01-01T00:00:00+08:00"));
  const http: HttpTransport = {
    send: async (request, { timeoutMs }) => {
      if (timeoutMs <= 0) throw new Error("sent without time for an answer");
      const asked = askedOf(request);
      world.asked.push(asked);
      return world.answer(asked);
    },
  };
  const world: AlipayWorld = {
    channel: createAlipayChannel(account, { runtime, http, log: silentLogger }),
    runtime,
    asked: [],
    answer: () => answered("no answer was planned", 500),
  };
  return world;
}

function askedOf({ url, body = new Uint8Array() }: HttpRequest): AskedOf {
  const parameters = new Map([
    ...new URL(url).searchParams,
    ...new URLSearchParams(Buffer.from(body).toString("utf8")),
  ]);
  return {
    parameters,
    method: parameters.get("method") ?? "",
    content: JSON.parse(parameters.get("biz_content") ?? "{}"),
  };
}

/** A notification with these parameters, signed unless told otherwise. */
export function notifyOf(parameters: Readonly<Record<string, string>>, key = alipay.private) {
  const names = Object.keys(parameters).sort();
  const text = names.map((name) => `${name}=${parameters[name]}`).join("&");
  return formNotify({ ...parameters, sign: signedBy(key, text), sign_type: "RSA2" });
}

/** A notification as a form. */
export function formNotify(parameters: Readonly<Record<string, string>> | string) {
  const body = typeof parameters === "string" ? parameters : new URLSearchParams(parameters).toString();
  return { headers: {}, body: Buffer.from(body) };
}
