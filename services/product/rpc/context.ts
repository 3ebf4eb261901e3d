import type { Placement } from "@mall/kit/process";
import { createProductModel, type ProductModel } from "../model/product-model.ts";
import type { ProductRpcConfig } from "./config.ts";
import { createStockMetrics, type StockMetrics } from "./metrics.ts";

/** What the product rpc's logic may use. */
export interface ServiceContext {
  readonly productModel: ProductModel;
  readonly stock: StockMetrics;
}

export async function createContext(config: ProductRpcConfig, placement: Placement): Promise<ServiceContext> {
  return {
    productModel: createProductModel(
      await placement.database(config.Mysql.DataSource),
      await placement.cache(config.CacheRedis),
    ),
    stock: createStockMetrics(placement.observer),
  };
}
