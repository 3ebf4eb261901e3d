import {
  cacheConfig,
  dtmConfig,
  jobsConfig,
  mysqlConfig,
  orderExpire,
  rpcClientConfig,
  rpcServerConfig,
  sagaConfig,
} from "@mall/kit/config";
import type { z } from "zod";

export const orderRpcConfig = rpcServerConfig.extend({
  Mysql: mysqlConfig,
  /** Where rows are cached; absent: nowhere. */
  CacheRedis: cacheConfig.optional(),
  Jobs: jobsConfig.prefault({}),
  Saga: sagaConfig.prefault({}),
  /** Drives the sagas of this service and calls the end of orders; absent: this process does. */
  Dtm: dtmConfig.optional(),
  UserRpc: rpcClientConfig,
  ProductRpc: rpcClientConfig,
  /** How long a new order may stay unpaid, milliseconds; 0: for ever. */
  OrderExpire: orderExpire,
});

export type OrderRpcConfig = z.output<typeof orderRpcConfig>;
