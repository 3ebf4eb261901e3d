import { cachedIfAllowed, type Placement, rowsToRead } from "@mall/kit/process";
import { payTable } from "../model/gen/pay-model.ts";
import { createPayView } from "../model/pay-model.ts";
import type { PayRpcConfig } from "./config.ts";
import type { PayClient } from "./gen/pay.ts";
import { detail } from "./logic/detail.ts";

/**
 * Answers questions from the cache if the caller allows it. The logic itself has no view of cached rows, so that no
 * decision can be based on one.
 */
export async function answerFromCache(
  server: PayClient,
  config: PayRpcConfig,
  placement: Placement,
): Promise<PayClient> {
  const database = await placement.database(config.Mysql.DataSource);
  const payModel = createPayView(database, await rowsToRead(placement, config, payTable));
  return {
    ...server,
    detail: cachedIfAllowed(server.detail, (call, request) => detail({ payModel }, call, request)),
  };
}
