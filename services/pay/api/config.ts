import { apiLeftovers, authConfig, restConfig, rpcClientConfig } from "@mall/kit/config";
import { z } from "zod";

/** What the pay api has of its own: nothing. */
export const payApiBlock = z.object({});

export const payApiConfig = restConfig.extend({
  ...apiLeftovers,
  Auth: authConfig,
  /** Tells whose tokens are revoked; absent: they are taken until they expire. */
  UserRpc: rpcClientConfig.optional(),
  PayRpc: rpcClientConfig,
});

export type PayApiConfig = z.output<typeof payApiConfig>;
