// The banks behind the channels, for who runs them in a world of its own.
export type { AlipayAccount } from "./alipay/account.ts";
export type { AlipayTrade } from "./alipay/trade.ts";
export type { ChannelSimulator } from "./core/channel-simulator.ts";
export type { Fault, FaultName } from "./core/faults.ts";
export { MemoryStore } from "./core/memory-store.ts";
export { type Payment, Refusal } from "./core/sim-channel.ts";
export type { SimAnswer } from "./core/sim-http.ts";
export type { Delivery } from "./core/sim-postman.ts";
export type { SimRecord } from "./core/sim-store.ts";
export { createChannelSimulator, type SimAccounts } from "./simulator.ts";
export type { StripeObjects } from "./stripe/objects.ts";
export type { MerchantKey, PlatformKey, WechatAccount } from "./wechat/account.ts";
export type { WechatTrade } from "./wechat/trade.ts";
