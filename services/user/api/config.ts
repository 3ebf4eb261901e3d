import {
  apiLeftovers,
  authConfig,
  cacheConfig,
  rateLimitConfig,
  restConfig,
  rpcClientConfig,
} from "@mall/kit/config";
import type { z } from "zod";

export const userApiConfig = restConfig.extend({
  ...apiLeftovers,
  /** Where the attempts of client addresses are counted by all instances together; absent: each for itself. */
  CacheRedis: cacheConfig.optional(),
  Auth: authConfig,
  RateLimit: rateLimitConfig.prefault({}),
  UserRpc: rpcClientConfig,
});

export type UserApiConfig = z.output<typeof userApiConfig>;
