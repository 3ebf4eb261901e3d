import { cacheConfig, mysqlConfig, rpcServerConfig, sagaConfig } from "@mall/kit/config";
import type { z } from "zod";

export const productRpcConfig = rpcServerConfig.extend({
  Mysql: mysqlConfig,
  /** Where rows are cached; absent: nowhere. */
  CacheRedis: cacheConfig.optional(),
  Saga: sagaConfig.prefault({}),
});

export type ProductRpcConfig = z.output<typeof productRpcConfig>;
