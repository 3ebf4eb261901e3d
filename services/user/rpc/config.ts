import { cacheConfig, mysqlConfig, rpcServerConfig, secret } from "@mall/kit/config";
import { z } from "zod";

export const userRpcConfig = rpcServerConfig.extend({
  Mysql: mysqlConfig,
  /** Where rows are cached; absent: nowhere. */
  CacheRedis: cacheConfig.optional(),
  /** The seed's salt, one for all users: its hashes are still accepted. */
  Salt: secret(z.string().default("")),
  /**
   * `per-user`: every new hash has a salt of its own, and a seed hash is replaced at login. `seed`: hashes
   * stay as the Go original writes and reads them, for a table that it shares.
   */
  PasswordScheme: z.enum(["per-user", "seed"]).default("per-user"),
});

export type UserRpcConfig = z.output<typeof userRpcConfig>;
