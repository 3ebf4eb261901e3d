import {
  dtmConfig,
  expiry,
  jobsConfig,
  rpcClientConfig,
  rpcProcessConfig,
  sagaConfig,
} from "@mall/kit/config";
import { z } from "zod";

/** What the order rpc has of its own. */
export const orderRpcBlock = z.object({
  /** How long a new order may stay unpaid, milliseconds; 0: for ever. */
  OrderExpire: expiry("30m"),
  /**
   * Unpaid orders that a user may have at once, and with them pieces that are held for nothing; 0 for no limit. An
   * order is one piece, so some need many.
   */
  OpenOrdersMax: z.int().min(0).default(100),
});

export const orderRpcConfig = rpcProcessConfig.extend({
  Jobs: jobsConfig.prefault({}),
  Saga: sagaConfig.prefault({}),
  /** Drives the sagas of this service and calls the end of orders; absent: this process does. */
  Dtm: dtmConfig.optional(),
  UserRpc: rpcClientConfig,
  ProductRpc: rpcClientConfig,
  ...orderRpcBlock.shape,
});

export type OrderRpcConfig = z.output<typeof orderRpcConfig>;
