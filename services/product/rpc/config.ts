import {
  cacheConfig,
  mysqlConfig,
  rowCache,
  rowCacheHasNodes,
  rpcServerConfig,
  sagaConfig,
} from "@mall/kit/config";
import type { z } from "zod";

const keys = rpcServerConfig.extend({
  Mysql: mysqlConfig,
  /** Where rows are cached; absent: nowhere. */
  CacheRedis: cacheConfig.optional(),
  /** As in go-zero by default, whose processes may read the same rows. */
  RowCache: rowCache("read"),
  Saga: sagaConfig.prefault({}),
});

export const productRpcConfig = keys.superRefine(rowCacheHasNodes("read"));

export type ProductRpcConfig = z.output<typeof productRpcConfig>;
