export { Bank } from "./bank.ts";
export { Banks } from "./banks.ts";
export { type ChannelAccounts, channelAccounts } from "./channels/accounts.ts";
export { ChannelBanks } from "./channels/channel-banks.ts";
export { Edge } from "./edge.ts";
export { createSimHttp } from "./http.ts";
export type { Outcome } from "./outcome.ts";
export type { BuyersTrade } from "./trade-at-bank.ts";
