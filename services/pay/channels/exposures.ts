import type { ServiceConfig } from "@mall/kit/config";
import type { Exposure } from "@mall/kit/process";
import type { ChannelsConfig } from "./config.ts";

/** A channel that takes no money, in a mall that is in earnest. */
export function channelExposures({ Sandbox }: ChannelsConfig, mode: ServiceConfig["Mode"]): Exposure[] {
  if (mode !== "pro" || Sandbox === undefined) return [];
  return [
    {
      text: `Channels.Sandbox pays at ${Sandbox.Gateway}, a bank that takes no money: who chooses it pays for nothing`,
      fix: "leave the block out, or let nobody but testers pay",
    },
  ];
}
