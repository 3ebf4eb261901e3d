import { apiLeftovers, authConfig, restConfig, rpcClientConfig } from "@mall/kit/config";
import type { z } from "zod";

export const productApiConfig = restConfig.extend({
  ...apiLeftovers,
  Auth: authConfig,
  ProductRpc: rpcClientConfig,
});

export type ProductApiConfig = z.output<typeof productApiConfig>;
