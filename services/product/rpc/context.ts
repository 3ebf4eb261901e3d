import { type Audit, createAudit } from "@mall/kit/audit";
import { createIdempotency, type Idempotency } from "@mall/kit/idempotency";
import { type Placement, rowsToClear } from "@mall/kit/process";
import { type Barrier, createBarrier } from "@mall/kit/saga";
import type { Database } from "@mall/kit/store";
import { createProductModel, type ProductModel } from "../model/product-model.ts";
import type { ProductRpcConfig } from "./config.ts";
import { createStockMetrics, type StockMetrics } from "./metrics.ts";
import { createStockTaker, type TakeForBranch } from "./stock-taker.ts";

/** What the product rpc's logic may use. */
export interface ServiceContext {
  readonly database: Database;
  readonly productModel: ProductModel;
  /** Lets each operation of a saga's branch take effect once. */
  readonly barrier: Barrier;
  /** Lets each write with a key take effect once. */
  readonly idempotency: Idempotency;
  /** Of what staff do. */
  readonly audit: Audit;
  readonly takeForBranch: TakeForBranch;
  readonly stock: StockMetrics;
}

export async function createContext(config: ProductRpcConfig, placement: Placement): Promise<ServiceContext> {
  const database = await placement.database(config.Mysql.DataSource);
  const parts = {
    database,
    productModel: createProductModel(database, await rowsToClear(placement, config)),
    barrier: createBarrier(database, config.Saga),
    idempotency: createIdempotency(database),
    audit: createAudit(database, "product"),
    stock: createStockMetrics(placement.observer),
  };
  return { ...parts, takeForBranch: createStockTaker(parts) };
}
