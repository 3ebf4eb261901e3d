import type { HttpTransport } from "@mall/kit/http";
import type { Logger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";
import { createAlipayChannel } from "./alipay/alipay-channel.ts";
import type { Channel } from "./channel.ts";
import type { ChannelsConfig } from "./config.ts";
import { namingQuestions, type Overhear, overheard } from "./exchange.ts";
import { createSandboxChannel, SANDBOX } from "./sandbox/sandbox-channel.ts";
import { createStripeChannel } from "./stripe/stripe-channel.ts";
import { createWechatChannel } from "./wechat/wechat-channel.ts";

/** The configured channels, by name; `overhear` is told what they are asked and answer. */
export function createChannels(
  { Alipay, Sandbox, Stripe, WechatPay }: ChannelsConfig,
  { http: plain, ...rest }: { readonly runtime: Runtime; readonly http: HttpTransport; readonly log: Logger },
  overhear?: Overhear,
): ReadonlyMap<string, Channel> {
  const http = overhear === undefined ? plain : overheard(plain, rest.runtime, overhear);
  const outside = { ...rest, http };
  const channels = [
    ...(Sandbox === undefined ? [] : [createSandboxChannel(Sandbox, outside)]),
    ...Alipay.map((account) => createAlipayChannel(account, outside)),
    ...Stripe.map((account) => createStripeChannel(account, outside)),
    ...WechatPay.map((account) => createWechatChannel(account, outside)),
  ];
  const named = overhear === undefined ? channels : channels.map(namingQuestions);
  return new Map(named.map((channel) => [channel.name, channel]));
}

/** The names of the configured channels, as buyers choose them. */
export function channelNames({ Alipay, Sandbox, Stripe, WechatPay }: ChannelsConfig): string[] {
  const accounts = [...Alipay, ...Stripe, ...WechatPay];
  return [...(Sandbox === undefined ? [] : [SANDBOX]), ...accounts.map(({ Name }) => Name)];
}
