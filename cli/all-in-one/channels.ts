import { allowOnly, type OpenApiPart } from "@mall/kit/rest";
import { type ChannelsConfig, channelNames, channelsConfig } from "@mall/pay/channels";
import { type AllInOneConfig, blockIn } from "./config.ts";

const PAY = "Pay";

/** Where buyers pay, by the block of the pay service. */
export function channelsIn(config: AllInOneConfig): ChannelsConfig {
  const block: object & { readonly Channels?: ChannelsConfig } = blockIn(config, PAY);
  return block.Channels ?? channelsConfig.parse({});
}

/** The same configuration with these channels, of which a simulator at `trialUrl` may play the real ones. */
export function withChannels(
  config: AllInOneConfig,
  channels: ChannelsConfig,
  trialUrl: string | undefined,
): AllInOneConfig {
  const block: object & { readonly Cashier?: object } = blockIn(config, PAY);
  const Cashier = { ...block.Cashier, ...(trialUrl !== undefined && { TrialUrl: trialUrl }) };
  return Object.assign({ ...config }, { [PAY]: { ...block, Channels: channels, Cashier } });
}

/** A description whose prepay names the channels that this process is configured with. */
export function nameChannels(openApi: OpenApiPart, config: AllInOneConfig): OpenApiPart {
  const values = channelNames(channelsIn(config));
  if (values.length === 0 || openApi.tag !== "pay") return openApi;
  return allowOnly(openApi, { schema: "pay.PrepayRequest", property: "channel", values });
}
