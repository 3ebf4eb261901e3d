import type { ServiceConfig } from "@mall/kit/config";
import type { Exposure } from "@mall/kit/process";
import type { ChannelsConfig } from "./config.ts";

/** The hosts that move real money; an account with another host pays at a simulator, or through a proxy. */
const HOSTS = {
  Alipay: /\.alipay\.com$/,
  Stripe: /\.stripe\.com$/,
  WechatPay: /\.(weixin\.qq\.com|wechatpay\.cn)$/,
} as const;

const FIX = "leave the block out, or let nobody but testers pay";

/** Channels that take no real money in a mall that runs in production. */
export function channelExposures(channels: ChannelsConfig, mode: ServiceConfig["Mode"]): Exposure[] {
  if (mode !== "pro") return [];
  const { Sandbox, Alipay, Stripe, WechatPay } = channels;
  return [
    ...(Sandbox === undefined ? [] : [bankExposure(Sandbox.Gateway)]),
    ...accountExposures("Alipay", Alipay),
    ...accountExposures("Stripe", Stripe),
    ...accountExposures("WechatPay", WechatPay),
  ];
}

function bankExposure(gateway: string): Exposure {
  const text = `Channels.Sandbox pays at ${gateway}, a bank that takes no money: who chooses it pays for nothing`;
  return { text, fix: FIX };
}

function accountExposures(
  block: keyof typeof HOSTS,
  accounts: readonly { readonly Name: string; readonly Gateway: string }[],
): Exposure[] {
  return accounts
    .filter(({ Gateway }) => !HOSTS[block].test(new URL(Gateway).hostname))
    .map(({ Name, Gateway }) => ({
      text: `account ${Name} of Channels.${block} pays at ${new URL(Gateway).host}, which is not the channel's own: at a simulator who chooses it pays for nothing`,
      fix: FIX,
    }));
}
