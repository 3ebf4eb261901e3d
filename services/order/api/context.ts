import type { Placement } from "@mall/kit/process";
import { type OrderClient, OrderService } from "@mall/order/rpc";
import type { OrderApiConfig } from "./config.ts";

/** What the order api's logic may use. */
export interface ServiceContext {
  readonly orderRpc: OrderClient;
}

export function createContext(config: OrderApiConfig, placement: Placement): ServiceContext {
  return { orderRpc: placement.client(OrderService, config.OrderRpc, "OrderRpc") };
}
