import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { secret } from "@mall/kit/config";
import { z } from "zod";
import { accountName } from "../accounts/account-name.ts";
import { validity } from "../accounts/valid-keys.ts";

/** What the channel, and the first account at it, is called. */
const WECHAT = "wechat";

/** Where WeChat Pay is. */
const WECHAT_PAY = "https://api.mch.weixin.qq.com";

/** What the keys of AES-256 have, bytes. */
const API_V3_KEY_BYTES = 32;

const url = z.url({ protocol: /^https?$/, error: "must be an http or https address" });
const privateKey = z
  .string()
  .refine((text) => isRsa(text, createPrivateKey), "must be an RSA private key in PEM form");
const publicKey = z
  .string()
  .refine((text) => isRsa(text, createPublicKey), "must be an RSA public key in PEM form");

/** The keys of an account; of each kind several, so that they can be replaced while orders are in flight. */
export const wechatKeys = z.object({
  /** What requests are signed with: the one that began last. */
  MerchantKeys: z
    .array(
      z.object({
        /** Of the merchant's API certificate. */
        Serial: z
          .string()
          .regex(/^[0-9A-Fa-f]{1,40}$/, "must be the serial number of a certificate, hexadecimal"),
        PrivateKey: secret(privateKey),
        ...validity,
      }),
    )
    .min(1, "must have a key"),
  /** What notifications and platform certificates are opened with: any of them. */
  ApiV3Keys: z
    .array(z.object({ Key: secret(z.string().refine(isApiV3Key, "must have 32 bytes")) }))
    .min(1, "must have a key"),
  /** Of the public-key mode; without any, platform certificates are asked for. */
  PublicKeys: z
    .array(
      z.object({
        Id: z
          .string()
          .regex(/^PUB_KEY_ID_[0-9A-Za-z]{1,64}$/, "must be a number that begins with PUB_KEY_ID_"),
        /** No secret, but as they it may stand in a file of its own. */
        Key: secret(publicKey),
        ...validity,
      }),
    )
    .default([]),
});

export type WechatKeys = z.output<typeof wechatKeys>;

/** One app of one merchant number; a number with several apps is several accounts. */
export const wechatAccount = z
  .object({
    Name: accountName(WECHAT),
    /** Another address than WeChat Pay's, e.g. a simulator's; without a trailing slash. */
    Gateway: url.refine((text) => !/[?#]|\/$/.test(text), "must not end with a slash").default(WECHAT_PAY),
    MchId: z.string().regex(/^[0-9]{1,32}$/, "must be a merchant number, digits"),
    AppId: z.string().regex(/^[0-9A-Za-z_-]{1,32}$/, "must be 1 to 32 letters, digits, _ or -"),
    /** Where WeChat Pay posts to: `https://shop.example/api/pay/notify/wechat`, with the account's name at its end. */
    NotifyUrl: url.refine((text) => !/[?#]/.test(text), "must have no query: WeChat Pay takes none"),
    Keys: wechatKeys.optional(),
    /** Path of a YAML file with the same keys, which is read again when it changes. */
    KeysFile: z.string().min(1).optional(),
  })
  .refine(({ Gateway, NotifyUrl }) => !Gateway.startsWith("https:") || NotifyUrl.startsWith("https:"), {
    path: ["NotifyUrl"],
    error: "must be an https address: WeChat Pay posts to no other",
  });

export type WechatAccount = z.output<typeof wechatAccount>;

function isRsa(text: string, read: (text: string) => KeyObject): boolean {
  try {
    return read(text).asymmetricKeyType === "rsa";
  } catch {
    return false;
  }
}

function isApiV3Key(text: string): boolean {
  return Buffer.byteLength(text) === API_V3_KEY_BYTES;
}
