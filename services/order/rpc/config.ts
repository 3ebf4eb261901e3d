import {
  dtmConfig,
  expiry,
  jobsConfig,
  rpcClientConfig,
  rpcProcessConfig,
  sagaConfig,
} from "@mall/kit/config";
import { z } from "zod";

/** The configuration keys of the order rpc itself. */
export const orderRpcBlock = z.object({
  /** How long a new order may stay unpaid, milliseconds; 0: without limit. */
  OrderExpire: expiry("30m"),
  /**
   * Unpaid orders that a user may have at the same time, each of which blocks a piece of stock; 0: no limit. An order
   * is for one piece, so some users need many.
   */
  OpenOrdersMax: z.int().min(0).default(100),
});

export const orderRpcConfig = rpcProcessConfig.extend({
  Jobs: jobsConfig.prefault({}),
  Saga: sagaConfig.prefault({}),
  /** The DTM server that drives this service's sagas and calls the expiry of orders; absent: this process does. */
  Dtm: dtmConfig.optional(),
  UserRpc: rpcClientConfig,
  ProductRpc: rpcClientConfig,
  ...orderRpcBlock.shape,
});

export type OrderRpcConfig = z.output<typeof orderRpcConfig>;
