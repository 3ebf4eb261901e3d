import { z } from "zod";
import { accountName } from "../accounts/account-name.ts";
import { alipayKeys } from "./keys-config.ts";

/** What an account can be paid by, if it has signed up for all. */
const PRODUCTS = ["qr", "page", "wap", "app"] as const;

const url = z.url({ protocol: /^https?$/, error: "must be an http or https address" });

/** An app at Alipay's open platform, and the merchant that it takes money for. */
export const alipayAccount = z.object({
  Name: accountName("alipay"),
  /** Alipay's own, or a simulator's. */
  Gateway: url
    .refine((text) => new URL(text).search === "", "must have no query")
    .default("https://openapi.alipay.com/gateway.do"),
  AppId: z.string().regex(/^\d{10,32}$/, "must be 10 to 32 digits, in quotation marks"),
  /** The merchant's number (PID), which notifications then must name. */
  SellerId: z
    .string()
    .regex(/^2088\d{12}$/, "must be 16 digits that begin with 2088, in quotation marks")
    .optional(),
  /** Where Alipay posts to: `https://shop.example/api/pay/notify/alipay`, with the account's name at its end. */
  NotifyUrl: url,
  /** What the app has signed up for; the first is taken where nobody chooses. */
  Products: z
    .array(z.enum(PRODUCTS))
    .min(1)
    .default([...PRODUCTS]),
  Keys: alipayKeys.optional(),
  /** A YAML file with what Keys would hold, read again when it changes. */
  KeysFile: z.string().min(1).optional(),
});

export type AlipayAccount = z.output<typeof alipayAccount>;
