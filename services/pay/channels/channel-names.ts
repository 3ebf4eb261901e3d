import type { ChannelsConfig } from "./config.ts";
import { SANDBOX } from "./sandbox/sandbox-channel.ts";

/** What the channels that are configured are called, as a buyer names one. */
export function channelNames({ Alipay, Sandbox, Stripe, WechatPay }: ChannelsConfig): string[] {
  const accounts = [...Alipay, ...Stripe, ...WechatPay];
  return [...(Sandbox === undefined ? [] : [SANDBOX]), ...accounts.map(({ Name }) => Name)];
}
