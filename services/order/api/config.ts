import { apiProcessConfig, rpcClientConfig } from "@mall/kit/config";
import { z } from "zod";

/** The order api has no configuration keys of its own. */
export const orderApiBlock = z.object({});

export const orderApiConfig = apiProcessConfig.extend({
  OrderRpc: rpcClientConfig,
  /** Closes attempts at the old amount before an order gets a new one; absent: the difference is found on payment. */
  PayRpc: rpcClientConfig.optional(),
});

export type OrderApiConfig = z.output<typeof orderApiConfig>;
