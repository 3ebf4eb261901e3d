import { apiProcessConfig, rpcClientConfig } from "@mall/kit/config";
import { z } from "zod";

/** What the order api has of its own: nothing. */
export const orderApiBlock = z.object({});

export const orderApiConfig = apiProcessConfig.extend({
  OrderRpc: rpcClientConfig,
  /** Closes what is open at the old price before an order gets another one; absent: its payment finds out. */
  PayRpc: rpcClientConfig.optional(),
});

export type OrderApiConfig = z.output<typeof orderApiConfig>;
