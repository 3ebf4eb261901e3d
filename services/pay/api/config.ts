import { apiProcessConfig, rpcClientConfig } from "@mall/kit/config";
import { z } from "zod";

/** What the pay api has of its own: nothing. */
export const payApiBlock = z.object({});

export const payApiConfig = apiProcessConfig.extend({
  PayRpc: rpcClientConfig,
});

export type PayApiConfig = z.output<typeof payApiConfig>;
