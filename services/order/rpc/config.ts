import { cacheConfig, mysqlConfig, rpcClientConfig, rpcServerConfig } from "@mall/kit/config";
import type { z } from "zod";

export const orderRpcConfig = rpcServerConfig.extend({
  Mysql: mysqlConfig,
  /** Where rows are cached; absent: nowhere. */
  CacheRedis: cacheConfig.optional(),
  UserRpc: rpcClientConfig,
  ProductRpc: rpcClientConfig,
});

export type OrderRpcConfig = z.output<typeof orderRpcConfig>;
