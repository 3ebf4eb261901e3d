import type { Placement } from "@mall/kit/process";
import { type PayClient, PayService } from "@mall/pay/rpc";
import type { PayApiConfig } from "./config.ts";

/** What the pay api's logic may use. */
export interface ServiceContext {
  readonly payRpc: PayClient;
}

export function createContext(config: PayApiConfig, placement: Placement): ServiceContext {
  return { payRpc: placement.client(PayService, config.PayRpc, "PayRpc") };
}
