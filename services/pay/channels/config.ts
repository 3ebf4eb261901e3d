import { expiry } from "@mall/kit/config";
import { z } from "zod";
import { accountsOf } from "./accounts/account-name.ts";
import { alipayAccount } from "./alipay/config.ts";
import { sandboxConfig } from "./sandbox/config.ts";
import { stripeConfig } from "./stripe/config.ts";
import { wechatAccount } from "./wechat/config.ts";

const origin = z
  .url({ protocol: /^https?$/, error: "must be an http or https address" })
  .refine((text) => new URL(text).origin === text, "must be an origin, without a path or a slash at its end");

/** What becomes of the bills of accounts by itself. */
const billsConfig = z.object({
  /** Whether the bill of each day is compared with payments and refunds, once it is made. */
  Daily: z.boolean().default(true),
  /** Whether fees that only bills tell are then written into the books. */
  BookFees: z.boolean().default(true),
});

/** The channels that buyers can pay on; a channel is available if its block is present. */
export const channelsConfig = z.object({
  /** Origins to which a channel may send a buyer's browser after a payment, e.g. `https://shop.example`. */
  ReturnOrigins: z.array(origin).default([]),
  /** Questions about open attempts that an account is asked a second, by the jobs of all processes together. */
  QueriesPerSecond: z.int().min(1).max(10_000).default(50),
  /** How long it is kept what channels were asked and answered, milliseconds; 0: it is not. */
  ExchangesKept: expiry("2160h"),
  Alipay: accountsOf(alipayAccount),
  Bills: billsConfig.prefault({}),
  /** Moves no money. */
  Sandbox: sandboxConfig.optional(),
  Stripe: stripeConfig,
  WechatPay: accountsOf(wechatAccount),
});

export type ChannelsConfig = z.output<typeof channelsConfig>;
