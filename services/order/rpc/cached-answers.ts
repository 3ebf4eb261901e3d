import { cachedIfAllowed, type Placement, rowsToRead } from "@mall/kit/process";
import { orderTable } from "../model/gen/order-model.ts";
import { createOrderView } from "../model/order-model.ts";
import type { OrderRpcConfig } from "./config.ts";
import type { OrderClient } from "./gen/order.ts";
import { detail } from "./logic/detail.ts";

/**
 * Answers questions from the cache if the caller allows it. The logic itself has no view of cached rows, so that no
 * decision can be based on one.
 */
export async function answerFromCache(
  server: OrderClient,
  config: OrderRpcConfig,
  placement: Placement,
): Promise<OrderClient> {
  const database = await placement.database(config.Mysql.DataSource);
  const orderModel = createOrderView(database, await rowsToRead(placement, config, orderTable));
  return {
    ...server,
    detail: cachedIfAllowed(server.detail, (call, request) => detail({ orderModel }, call, request)),
  };
}
