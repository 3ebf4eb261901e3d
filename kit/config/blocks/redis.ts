import { z } from "zod";
import { flag, idle, secret, text } from "../key.ts";

/** go-zero's redis.RedisConf: one Redis server, or one cluster. */
const redisConfig = z.object({
  /** `host:port`; of a cluster a comma separated list. */
  Host: z.string().min(1, "must not be empty"),
  Type: z.enum(["node", "cluster"]).default("node"),
  User: text(),
  Pass: secret(text()),
  /** TLS; like go-zero without a check of the certificate. */
  Tls: flag(false),
  NonBlock: idle(flag(true), "a Redis that is away never keeps a process from starting"),
  PingTimeout: idle(
    z.union([z.string(), z.number()]).default("1s"),
    "a Redis that is away never keeps a process from starting",
  ),
  DisableIdentity: idle(flag(false), "connections never name their library"),
  Protocol: idle(
    z.union([z.literal(2), z.literal(3)]).optional(),
    "the client chooses; nothing depends on it",
  ),
});

/** go-zero's redis.RedisKeyConf, where rpc auth finds its tokens: the hash `Key`. */
export const redisKeyConfig = redisConfig.extend({ Key: z.string().min(1, "must not be empty") });

/** go-zero's cache.CacheConf: the nodes that rows are cached on. */
export const cacheConfig = z
  .array(redisConfig.extend({ /** Share of the keys. */ Weight: z.int().min(0).default(100) }))
  .refine((nodes) => nodes.some((node) => node.Weight > 0), "must name a node with a Weight above 0");

/**
 * What becomes of rows on the nodes of `CacheRedis`. `read`: questions are answered from there, as go-zero's cached
 * models do. `clear`: entries are removed as their rows change, for others who read them, and not used. `unused`: rows
 * are not kept there, and nobody who reads some there hears of changes; only limits are counted. Not in go-zero.
 */
export function rowCache(byDefault: "read" | "unused") {
  return z.enum(["read", "clear", "unused"]).default(byDefault);
}

/** What of a configuration says where rows are cached. */
export interface RowCacheConfig {
  readonly CacheRedis?: CacheConfig | undefined;
  readonly RowCache: z.output<ReturnType<typeof rowCache>>;
}

/** Whoever asks for more than goes without saying names a cache for it. */
export function rowCacheHasNodes(byDefault: "read" | "unused") {
  return (config: RowCacheConfig, context: z.RefinementCtx): void => {
    const { CacheRedis, RowCache } = config;
    if (CacheRedis !== undefined || RowCache === byDefault || RowCache === "unused") return;
    context.addIssue({
      code: "custom",
      path: ["RowCache"],
      message: `is ${RowCache}, and there is no CacheRedis: name its nodes, or leave RowCache out`,
    });
  };
}

export type RedisConfig = z.output<typeof redisConfig>;
export type RedisKeyConfig = z.output<typeof redisKeyConfig>;
export type CacheConfig = z.output<typeof cacheConfig>;
