import { apiLeftovers, authConfig, restConfig, rpcClientConfig } from "@mall/kit/config";
import { z } from "zod";

/** What the product api has of its own: nothing. */
export const productApiBlock = z.object({});

export const productApiConfig = restConfig.extend({
  ...apiLeftovers,
  Auth: authConfig,
  /** Tells whose tokens are revoked; absent: they are taken until they expire. */
  UserRpc: rpcClientConfig.optional(),
  ProductRpc: rpcClientConfig,
});

export type ProductApiConfig = z.output<typeof productApiConfig>;
