import type { Logger } from "@mall/kit/log";
import type { Placement } from "@mall/kit/process";
import { type OrderClient, OrderService } from "@mall/order/rpc";
import { type PayClient, PayService } from "@mall/pay/rpc";
import type { OrderApiConfig } from "./config.ts";

/** What the order api's logic may use. */
export interface ServiceContext {
  readonly log: Logger;
  readonly orderRpc: OrderClient;
  /** Undefined where the configuration names none. */
  readonly payRpc: PayClient | undefined;
}

export function createContext(config: OrderApiConfig, placement: Placement): ServiceContext {
  return {
    log: placement.log,
    orderRpc: placement.client(OrderService, config.OrderRpc, "OrderRpc"),
    payRpc: config.PayRpc && placement.client(PayService, config.PayRpc, "PayRpc"),
  };
}
