import { apiProcessConfig, cacheConfig, rpcClientConfig } from "@mall/kit/config";
import { z } from "zod";

/** Attempts that one client address has in a minute; 0 for no limit. Counted in mode `pro` only. Not in go-zero. */
const rateLimitConfig = z.object({
  /** Logins, good or bad. */
  LoginPerMinute: z.int().min(0).default(60),
  /** Registrations, good or bad. */
  RegisterPerMinute: z.int().min(0).default(20),
});

/** What the user api has of its own. */
export const userApiBlock = z.object({ RateLimit: rateLimitConfig.prefault({}) });

export const userApiConfig = apiProcessConfig.safeExtend({
  /** Where the attempts of client addresses are counted by all instances together; absent: each for itself. */
  CacheRedis: cacheConfig.optional(),
  UserRpc: rpcClientConfig,
  ...userApiBlock.shape,
});

export type UserApiConfig = z.output<typeof userApiConfig>;
