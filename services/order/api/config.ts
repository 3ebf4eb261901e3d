import { apiLeftovers, authConfig, restConfig, rpcClientConfig } from "@mall/kit/config";
import type { z } from "zod";

export const orderApiConfig = restConfig.extend({
  ...apiLeftovers,
  Auth: authConfig,
  OrderRpc: rpcClientConfig,
});

export type OrderApiConfig = z.output<typeof orderApiConfig>;
