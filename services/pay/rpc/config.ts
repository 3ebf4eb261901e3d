import {
  cacheConfig,
  dtmConfig,
  jobsConfig,
  mysqlConfig,
  payExpire,
  rpcClientConfig,
  rpcServerConfig,
  sagaConfig,
} from "@mall/kit/config";
import type { z } from "zod";
import { channelsConfig } from "../channels/config.ts";

export const payRpcConfig = rpcServerConfig.extend({
  Mysql: mysqlConfig,
  /** Where rows are cached; absent: nowhere. */
  CacheRedis: cacheConfig.optional(),
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

export type PayRpcConfig = z.output<typeof payRpcConfig>;
