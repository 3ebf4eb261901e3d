import { apiProcessConfig, rpcClientConfig } from "@mall/kit/config";
import { z } from "zod";

/** What the product api has of its own: nothing. */
export const productApiBlock = z.object({});

export const productApiConfig = apiProcessConfig.extend({
  ProductRpc: rpcClientConfig,
});

export type ProductApiConfig = z.output<typeof productApiConfig>;
