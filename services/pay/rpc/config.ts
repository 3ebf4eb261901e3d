import {
  cacheConfig,
  dtmConfig,
  jobsConfig,
  mysqlConfig,
  payExpire,
  rowCache,
  rowCacheHasNodes,
  rpcClientConfig,
  rpcServerConfig,
  sagaConfig,
} from "@mall/kit/config";
import type { z } from "zod";
import { channelsConfig } from "../channels/config.ts";

const keys = rpcServerConfig.extend({
  Mysql: mysqlConfig,
  /** Where rows are cached, and questions to channels counted; absent: nowhere. */
  CacheRedis: cacheConfig.optional(),
  /** As in go-zero by default, whose processes may read the same rows. */
  RowCache: rowCache("read"),
  Jobs: jobsConfig.prefault({}),
  Saga: sagaConfig.prefault({}),
  /** Tells orders of a callback's success; absent: jobs of this process do. */
  Dtm: dtmConfig.optional(),
  UserRpc: rpcClientConfig,
  OrderRpc: rpcClientConfig,
  /** Where buyers pay. Not in go-zero-mall. */
  Channels: channelsConfig.prefault({}),
  /** How long a new payment may stay unpaid, milliseconds; 0: as long as its order. */
  PayExpire: payExpire,
});

export const payRpcConfig = keys.superRefine(rowCacheHasNodes("read"));

export type PayRpcConfig = z.output<typeof payRpcConfig>;
