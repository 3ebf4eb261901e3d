import { apiLeftovers, authConfig, restConfig, rpcClientConfig } from "@mall/kit/config";
import { z } from "zod";

/** What the order api has of its own: nothing. */
export const orderApiBlock = z.object({});

export const orderApiConfig = restConfig.extend({
  ...apiLeftovers,
  Auth: authConfig,
  /** Tells whose tokens are revoked; absent: they are taken until they expire. */
  UserRpc: rpcClientConfig.optional(),
  OrderRpc: rpcClientConfig,
  /** Closes what is open at the old price before an order gets another one; absent: its payment finds out. */
  PayRpc: rpcClientConfig.optional(),
});

export type OrderApiConfig = z.output<typeof orderApiConfig>;
