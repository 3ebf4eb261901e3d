import { apiLeftovers, authConfig, restConfig, rpcClientConfig } from "@mall/kit/config";
import type { z } from "zod";

export const payApiConfig = restConfig.extend({
  ...apiLeftovers,
  Auth: authConfig,
  PayRpc: rpcClientConfig,
});

export type PayApiConfig = z.output<typeof payApiConfig>;
