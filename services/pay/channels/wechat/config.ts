import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { secret } from "@mall/kit/config";
import { z } from "zod";
import { accountName } from "../accounts/account-name.ts";
import { validity } from "../accounts/valid-keys.ts";

/** The name of the channel, and of its first account. */
const WECHAT = "wechat";

/** WeChat Pay's gateway. */
const WECHAT_PAY = "https://api.mch.weixin.qq.com";

/** The length of AES-256 keys, bytes. */
const API_V3_KEY_BYTES = 32;

const url = z.url({ protocol: /^https?$/, error: "must be an http or https address" });
const privateKey = z
  .string()
  .refine((text) => isRsa(text, createPrivateKey), "must be an RSA private key in PEM form");
const publicKey = z
  .string()
  .refine((text) => isRsa(text, createPublicKey), "must be an RSA public key in PEM form");

/** An account's keys; several of each kind, so that they can be replaced while orders are in flight. */
export const wechatKeys = z.object({
  /** The keys that sign requests; the one whose period began last is used. */
  MerchantKeys: z
    .array(
      z.object({
        /** The serial number of the merchant's API certificate. */
        Serial: z
          .string()
          .regex(/^[0-9A-Fa-f]{1,40}$/, "must be the serial number of a certificate, hexadecimal"),
        PrivateKey: secret(privateKey),
        ...validity,
      }),
    )
    .min(1, "must have a key"),
  /** The APIv3 keys, which decrypt notifications and platform certificates; any of them may fit. */
  ApiV3Keys: z
    .array(z.object({ Key: secret(z.string().refine(isApiV3Key, "must have 32 bytes")) }))
    .min(1, "must have a key"),
  /** The keys of the public-key mode; without any, platform certificates are fetched. */
  PublicKeys: z
    .array(
      z.object({
        Id: z
          .string()
          .regex(/^PUB_KEY_ID_[0-9A-Za-z]{1,64}$/, "must be a number that begins with PUB_KEY_ID_"),
        /** Not secret, but marked so, which allows it to be in a file of its own. */
        Key: secret(publicKey),
        ...validity,
      }),
    )
    .default([]),
});

export type WechatKeys = z.output<typeof wechatKeys>;

/** One app of one merchant; a merchant with several apps has several accounts. */
export const wechatAccount = z
  .object({
    Name: accountName(WECHAT),
    /** Another base URL than WeChat Pay's, e.g. a simulator's; without a trailing slash. */
    Gateway: url.refine((text) => !/[?#]|\/$/.test(text), "must not end with a slash").default(WECHAT_PAY),
    MchId: z.string().regex(/^[0-9]{1,32}$/, "must be a merchant number, digits"),
    AppId: z.string().regex(/^[0-9A-Za-z_-]{1,32}$/, "must be 1 to 32 letters, digits, _ or -"),
    /**
     * The address for notifications: `https://shop.example/api/pay/notify/wechat`, with the account's name at the end.
     */
    NotifyUrl: url.refine((text) => !/[?#]/.test(text), "must have no query: WeChat Pay takes none"),
    Keys: wechatKeys.optional(),
    /** Path of a YAML file with the same keys, reread when it changes. */
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
