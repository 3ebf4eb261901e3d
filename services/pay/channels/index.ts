export { askAccount, keysEndOf } from "./accounts/account-state.ts";
export { dayAt, daysBetween } from "./bills/bill-day.ts";
export { accountsBilledWith } from "./bills/billed-with.ts";
export type {
  Answer,
  Channel,
  PaidTrade,
  ParsedNotify,
  RawNotify,
  RefundState,
  TradeState,
} from "./channel.ts";
export { type ChannelsConfig, channelsConfig } from "./config.ts";
export { channelNames, createChannels } from "./create-channels.ts";
export { isTakenNowhere } from "./takes-currency.ts";
