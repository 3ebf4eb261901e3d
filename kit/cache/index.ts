export * as attemptScripts from "./attempt-scripts.ts";
export {
  type Cache,
  type CacheOptions,
  type CacheSource,
  type CacheWrite,
  createCache,
  PLACEHOLDER,
} from "./cache.ts";
export { proveRedis } from "./prove-redis.ts";
export { type CacheClient, type OpenCacheClient, openRedisClient, type RedisClient } from "./redis-client.ts";
export * as cacheScripts from "./scripts.ts";
export { findKey, type RedisFacts, readRedisFacts } from "./server-facts.ts";
