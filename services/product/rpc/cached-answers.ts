import { cachedIfAllowed, type Placement, rowsToRead } from "@mall/kit/process";
import { productTable } from "../model/gen/product-model.ts";
import { createProductView } from "../model/product-model.ts";
import type { ProductRpcConfig } from "./config.ts";
import type { ProductClient } from "./gen/product.ts";
import { detail } from "./logic/detail.ts";

/**
 * Answers questions from the cache if the caller allows it. The logic itself has no view of cached rows, so that no
 * decision can be based on one.
 */
export async function answerFromCache(
  server: ProductClient,
  config: ProductRpcConfig,
  placement: Placement,
): Promise<ProductClient> {
  const database = await placement.database(config.Mysql.DataSource);
  const productModel = createProductView(database, await rowsToRead(placement, config, productTable));
  return {
    ...server,
    detail: cachedIfAllowed(server.detail, (call, request) => detail({ productModel }, call, request)),
  };
}
