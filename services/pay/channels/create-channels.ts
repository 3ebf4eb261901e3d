import type { HttpTransport } from "@mall/kit/http";
import type { Runtime } from "@mall/kit/runtime";
import type { Channel } from "./channel.ts";
import type { ChannelsConfig } from "./config.ts";
import { createSandboxChannel } from "./sandbox/sandbox-channel.ts";

/** The channels that are configured, by name. */
export function createChannels(
  { Sandbox }: ChannelsConfig,
  outside: { readonly runtime: Runtime; readonly http: HttpTransport },
): ReadonlyMap<string, Channel> {
  const channels = Sandbox === undefined ? [] : [createSandboxChannel(Sandbox, outside)];
  return new Map(channels.map((channel) => [channel.name, channel]));
}
