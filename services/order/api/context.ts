import type { Logger } from "@mall/kit/log";
import type { Placement } from "@mall/kit/process";
import { type OrderClient, OrderService } from "@mall/order/rpc";
import { type PayClient, PayService } from "@mall/pay/rpc";
import type { OrderApiConfig } from "./config.ts";

/** What the logic of the order api has at its disposal. */
export interface ServiceContext {
  readonly log: Logger;
  readonly orderRpc: OrderClient;
  /** Undefined if none is configured. */
  readonly payRpc: PayClient | undefined;
}

export function createContext(config: OrderApiConfig, placement: Placement): ServiceContext {
  return {
    log: placement.log,
    orderRpc: placement.client(OrderService, config.OrderRpc, "OrderRpc"),
    payRpc: config.PayRpc && placement.client(PayService, config.PayRpc, "PayRpc"),
  };
}
