import type { Placement } from "@mall/kit/process";
import { createProductModel, type ProductModel } from "../model/product-model.ts";
import type { ProductRpcConfig } from "./config.ts";

/** What the product rpc's logic may use. */
export interface ServiceContext {
  readonly productModel: ProductModel;
}

export async function createContext(config: ProductRpcConfig, placement: Placement): Promise<ServiceContext> {
  return {
    productModel: createProductModel(
      await placement.database(config.Mysql.DataSource),
      await placement.cache(config.CacheRedis),
    ),
  };
}
