import type { ChannelsConfig } from "./config.ts";
import { SANDBOX } from "./sandbox/sandbox-channel.ts";

/** What the channels that are configured are called, as a buyer names one. */
export function channelNames({ Sandbox, WechatPay }: ChannelsConfig): string[] {
  return [...(Sandbox === undefined ? [] : [SANDBOX]), ...WechatPay.map(({ Name }) => Name)];
}
