import type { Runtime } from "@mall/kit/context";
import type { Logger } from "@mall/kit/log";
import type { Placement } from "@mall/kit/process";
import { type ProductClient, ProductService } from "@mall/product/rpc";
import { type UserClient, UserService } from "@mall/user/rpc";
import { createOrderModel, type OrderModel } from "../model/order-model.ts";
import type { OrderRpcConfig } from "./config.ts";
import { createOrderMetrics, type OrderMetrics } from "./metrics.ts";

/** What the order rpc's logic may use. */
export interface ServiceContext {
  readonly runtime: Runtime;
  readonly log: Logger;
  readonly orderModel: OrderModel;
  readonly userRpc: UserClient;
  readonly productRpc: ProductClient;
  readonly metrics: OrderMetrics;
  /** How long a new order may stay unpaid, milliseconds; 0: for ever. */
  readonly expireMs: number;
}

export async function createContext(config: OrderRpcConfig, placement: Placement): Promise<ServiceContext> {
  return {
    runtime: placement.runtime,
    log: placement.log,
    orderModel: createOrderModel(
      await placement.database(config.Mysql.DataSource),
      await placement.cache(config.CacheRedis),
    ),
    userRpc: placement.client(UserService, config.UserRpc, "UserRpc"),
    productRpc: placement.client(ProductService, config.ProductRpc, "ProductRpc"),
    metrics: createOrderMetrics(placement.observer),
    expireMs: config.OrderExpire,
  };
}
