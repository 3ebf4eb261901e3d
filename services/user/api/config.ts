import { apiLeftovers, authConfig, restConfig, rpcClientConfig } from "@mall/kit/config";
import type { z } from "zod";

export const userApiConfig = restConfig.extend({
  ...apiLeftovers,
  Auth: authConfig,
  UserRpc: rpcClientConfig,
});

export type UserApiConfig = z.output<typeof userApiConfig>;
