import {
  dtmConfig,
  expiry,
  jobsConfig,
  rpcClientConfig,
  rpcProcessConfig,
  sagaConfig,
} from "@mall/kit/config";
import { z } from "zod";
import { channelsConfig } from "../channels/config.ts";

/** What the pay rpc has of its own. */
export const payRpcBlock = z.object({
  /** Where buyers pay. Not in go-zero-mall. */
  Channels: channelsConfig.prefault({}),
  /** How long a new payment may stay unpaid, milliseconds; 0: as long as its order. */
  PayExpire: expiry("30m"),
});

export const payRpcConfig = rpcProcessConfig.extend({
  Jobs: jobsConfig.prefault({}),
  Saga: sagaConfig.prefault({}),
  /** Tells orders of a callback's success; absent: jobs of this process do. */
  Dtm: dtmConfig.optional(),
  UserRpc: rpcClientConfig,
  OrderRpc: rpcClientConfig,
  ...payRpcBlock.shape,
});

export type PayRpcConfig = z.output<typeof payRpcConfig>;
