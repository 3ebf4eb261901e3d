import { apiLeftovers, authConfig, rateLimitConfig, restConfig, rpcClientConfig } from "@mall/kit/config";
import type { z } from "zod";

export const userApiConfig = restConfig.extend({
  ...apiLeftovers,
  Auth: authConfig,
  RateLimit: rateLimitConfig.prefault({}),
  UserRpc: rpcClientConfig,
});

export type UserApiConfig = z.output<typeof userApiConfig>;
