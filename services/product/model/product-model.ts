import type { Cache } from "@mall/kit/cache";
import type { Database } from "@mall/kit/store";
import { createProductModelGen, type ProductModelGen, type ProductRow } from "./gen/product-model.ts";
import { PRODUCT_STATUS } from "./product-state.ts";

/** The most pieces that the column holds. */
export const STOCK_MAX = 4294967295;

export interface ProductModel extends ProductModelGen {
  /** A product that was not removed. */
  findLive(id: number): Promise<ProductRow | undefined>;
  /** Takes `num` pieces if that many are there; decided by the database in one statement. False: they are not. */
  takeStock(id: number, num: number): Promise<boolean>;
  /** Gives `num` pieces back, also to a product that was removed meanwhile. False: no such row, or more than STOCK_MAX. */
  returnStock(id: number, num: number): Promise<boolean>;
}

export function createProductModel(database: Database, cache?: Cache): ProductModel {
  const model = createProductModelGen(database, cache);
  return {
    ...model,
    findLive: async (id) => {
      const product = await model.findOne(id);
      return product?.status === PRODUCT_STATUS.removed ? undefined : product;
    },
    takeStock: async (id, num) =>
      (await model.updateMany([id], (query) =>
        query
          .set((row) => ({ stock: row("stock", "-", num) }))
          .where("status", "=", PRODUCT_STATUS.onSale)
          .where("stock", ">=", num),
      )) === 1,
    returnStock: async (id, num) =>
      (await model.updateMany([id], (query) =>
        query.set((row) => ({ stock: row("stock", "+", num) })).where("stock", "<=", STOCK_MAX - num),
      )) === 1,
  };
}
