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

/** The channels that buyers can pay on; a channel is available if its block is present. */
export const channelsConfig = z.object({
  /** Origins to which a channel may send a buyer's browser after a payment, e.g. `https://shop.example`. */
  ReturnOrigins: z.array(origin).default([]),
  /** Questions about open attempts that an account is asked a second, by the jobs of all processes together. */
  QueriesPerSecond: z.int().min(1).max(10_000).default(50),
  /** How long it is kept what channels were asked and answered, milliseconds; 0: it is not. */
  ExchangesKept: expiry("2160h"),
  Alipay: accountsOf(alipayAccount),
  /** Moves no money. */
  Sandbox: sandboxConfig.optional(),
  Stripe: stripeConfig,
  WechatPay: accountsOf(wechatAccount),
});

export type ChannelsConfig = z.output<typeof channelsConfig>;
