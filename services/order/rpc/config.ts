import {
  cacheConfig,
  dtmConfig,
  jobsConfig,
  mysqlConfig,
  openOrdersMax,
  orderExpire,
  rowCache,
  rowCacheHasNodes,
  rpcClientConfig,
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
  Jobs: jobsConfig.prefault({}),
  Saga: sagaConfig.prefault({}),
  /** Drives the sagas of this service and calls the end of orders; absent: this process does. */
  Dtm: dtmConfig.optional(),
  UserRpc: rpcClientConfig,
  ProductRpc: rpcClientConfig,
  /** How long a new order may stay unpaid, milliseconds; 0: for ever. */
  OrderExpire: orderExpire,
  /** Unpaid orders that a user may have at once, and with them pieces that are held for nothing; 0 for no limit. */
  OpenOrdersMax: openOrdersMax,
});

export const orderRpcConfig = keys.superRefine(rowCacheHasNodes("read"));

export type OrderRpcConfig = z.output<typeof orderRpcConfig>;
