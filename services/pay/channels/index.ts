export type {
  Answer,
  Channel,
  PaidTrade,
  ParsedNotify,
  RawNotify,
  RefundState,
  TradeState,
} from "./channel.ts";
export { channelNames } from "./channel-names.ts";
export { type ChannelsConfig, channelsConfig } from "./config.ts";
export { createChannels } from "./create-channels.ts";
