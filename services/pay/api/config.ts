import { apiLeftovers, authConfig, restConfig, rpcClientConfig } from "@mall/kit/config";
import type { z } from "zod";

export const payApiConfig = restConfig.extend({
  ...apiLeftovers,
  Auth: authConfig,
  /** Tells whose tokens are revoked; absent: they are taken until they expire. */
  UserRpc: rpcClientConfig.optional(),
  PayRpc: rpcClientConfig,
});

export type PayApiConfig = z.output<typeof payApiConfig>;
