import { createAudit } from "@mall/kit/audit";
import { createServiceActs } from "@mall/kit/desk";
import { createIdempotency } from "@mall/kit/idempotency";
import { type Placement, rowsToClear } from "@mall/kit/process";
import { createBarrier } from "@mall/kit/saga";
import { createProductModel } from "../model/product-model.ts";
import type { ProductRpcConfig } from "./config.ts";
import type { ServiceContext } from "./context.ts";
import { createStockMetrics } from "./metrics.ts";
import { createStockTaker } from "./stock-taker.ts";

/** Puts together what the product rpc's logic may use. */
export async function buildContext(config: ProductRpcConfig, placement: Placement): Promise<ServiceContext> {
  const database = await placement.database(config.Mysql.DataSource);
  const parts = {
    database,
    productModel: createProductModel(database, await rowsToClear(placement, config)),
    barrier: createBarrier(database, config.Saga),
    idempotency: createIdempotency(database),
    audit: createAudit(database, "product"),
    acts: createServiceActs(database, "product"),
    stock: createStockMetrics(placement.observer),
  };
  return { ...parts, takeForBranch: createStockTaker(parts) };
}
