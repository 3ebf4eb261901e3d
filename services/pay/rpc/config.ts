import {
  currencyCode,
  dtmConfig,
  expiry,
  jobsConfig,
  rpcClientConfig,
  rpcProcessConfig,
  sagaConfig,
} from "@mall/kit/config";
import { z } from "zod";
import { channelsConfig } from "../channels/config.ts";

/** From which amount on it takes two to move money by hand. */
const approvalConfig = z.object({
  /** Minor units of Currency; what is above needs a second person. 0: nothing does. */
  Above: z.int().min(0).default(0),
  /** How long a request waits for that person, milliseconds. */
  Expire: expiry("24h").refine((ms) => ms > 0, "must be more than 0"),
});

/** What the pay rpc has of its own. */
export const payRpcBlock = z.object({
  /** A second person for what moves money. Not in go-zero-mall. */
  Approval: approvalConfig.prefault({}),
  /** Where buyers pay. Not in go-zero-mall. */
  Channels: channelsConfig.prefault({}),
  /** What new payments are in. Not in go-zero-mall, whose payments are in CNY. */
  Currency: currencyCode.default("CNY"),
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
