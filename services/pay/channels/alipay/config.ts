import { z } from "zod";
import { accountName } from "../accounts/account-name.ts";
import { alipayKeys } from "./keys-config.ts";

/** The products an account can offer, provided it has signed up for them. */
const PRODUCTS = ["qr", "page", "wap", "app"] as const;

const url = z.url({ protocol: /^https?$/, error: "must be an http or https address" });

/** An app on Alipay's open platform, and the merchant that it collects money for. */
export const alipayAccount = z.object({
  Name: accountName("alipay"),
  /** Alipay's own gateway, or a simulator's. */
  Gateway: url
    .refine((text) => new URL(text).search === "", "must have no query")
    .default("https://openapi.alipay.com/gateway.do"),
  AppId: z.string().regex(/^\d{10,32}$/, "must be 10 to 32 digits, in quotation marks"),
  /** The merchant's number (PID); if set, notifications must name it. */
  SellerId: z
    .string()
    .regex(/^2088\d{12}$/, "must be 16 digits that begin with 2088, in quotation marks")
    .optional(),
  /**
   * The address for notifications: `https://shop.example/api/pay/notify/alipay`, with the account's name at the end.
   */
  NotifyUrl: url,
  /** The products the app has signed up for; the first is the default. */
  Products: z
    .array(z.enum(PRODUCTS))
    .min(1)
    .default([...PRODUCTS]),
  Keys: alipayKeys.optional(),
  /** A YAML file with the content of Keys, reread when it changes. */
  KeysFile: z.string().min(1).optional(),
});

export type AlipayAccount = z.output<typeof alipayAccount>;
