import { cacheConfig, mysqlConfig, rpcClientConfig, rpcServerConfig } from "@mall/kit/config";
import type { z } from "zod";

export const payRpcConfig = rpcServerConfig.extend({
  Mysql: mysqlConfig,
  /** Where rows are cached; absent: nowhere. */
  CacheRedis: cacheConfig.optional(),
  UserRpc: rpcClientConfig,
  OrderRpc: rpcClientConfig,
});

export type PayRpcConfig = z.output<typeof payRpcConfig>;
