import type { Placement } from "@mall/kit/process";
import { type OrderClient, OrderService } from "@mall/order/rpc";
import { type UserClient, UserService } from "@mall/user/rpc";
import type { Channel } from "../channels/channel.ts";
import { createChannels } from "../channels/create-channels.ts";
import { createPayModel, type PayModel } from "../model/pay-model.ts";
import type { PayRpcConfig } from "./config.ts";
import { createPayMetrics, type PayMetrics } from "./metrics.ts";

/** What the pay rpc's logic may use. */
export interface ServiceContext {
  readonly payModel: PayModel;
  readonly userRpc: UserClient;
  readonly orderRpc: OrderClient;
  readonly metrics: PayMetrics;
  /** The channels that are configured, by name. */
  readonly channels: ReadonlyMap<string, Channel>;
}

export async function createContext(config: PayRpcConfig, placement: Placement): Promise<ServiceContext> {
  return {
    payModel: createPayModel(
      await placement.database(config.Mysql.DataSource),
      await placement.cache(config.CacheRedis),
    ),
    userRpc: placement.client(UserService, config.UserRpc, "UserRpc"),
    orderRpc: placement.client(OrderService, config.OrderRpc, "OrderRpc"),
    metrics: createPayMetrics(placement.observer),
    channels: createChannels(config.Channels, placement),
  };
}
