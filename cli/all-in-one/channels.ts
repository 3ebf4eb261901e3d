import { allowOnly, type OpenApiPart } from "@mall/kit/rest";
import { type ChannelsConfig, channelNames, channelsConfig } from "@mall/pay/channels";
import { type AllInOneConfig, blockIn } from "./config.ts";

const PAY = "Pay";

/** Where buyers pay, by the block of the pay service. */
export function channelsIn(config: AllInOneConfig): ChannelsConfig {
  const block: object & { readonly Channels?: ChannelsConfig } = blockIn(config, PAY);
  return block.Channels ?? channelsConfig.parse({});
}

/** The same configuration with these channels. */
export function withChannels(config: AllInOneConfig, channels: ChannelsConfig): AllInOneConfig {
  return Object.assign({ ...config }, { [PAY]: { ...blockIn(config, PAY), Channels: channels } });
}

/** A description whose prepay names the channels that this process is configured with. */
export function nameChannels(openApi: OpenApiPart, config: AllInOneConfig): OpenApiPart {
  const values = channelNames(channelsIn(config));
  if (values.length === 0 || openApi.tag !== "pay") return openApi;
  return allowOnly(openApi, { schema: "pay.PrepayRequest", property: "channel", values });
}
