import { apiLeftovers, authConfig, restConfig, rpcClientConfig } from "@mall/kit/config";
import type { z } from "zod";

export const productApiConfig = restConfig.extend({
  ...apiLeftovers,
  Auth: authConfig,
  /** Tells whose tokens are revoked; absent: they are taken until they expire. */
  UserRpc: rpcClientConfig.optional(),
  ProductRpc: rpcClientConfig,
});

export type ProductApiConfig = z.output<typeof productApiConfig>;
