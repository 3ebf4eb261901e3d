import type { Cache } from "@mall/kit/cache";
import type { Database, RowTransaction, Transaction } from "@mall/kit/store";
import {
  createProductModelGen,
  createProductViewGen,
  type ProductModelGen,
  type ProductRow,
} from "./gen/product-model.ts";
import { PRODUCT_STATUS } from "./product-state.ts";

export type { ProductRow } from "./gen/product-model.ts";

/** The most pieces that the column holds. */
export const STOCK_MAX = 4294967295;

export interface ProductModel extends ProductModelGen {
  /** A product that was not removed. */
  findLive(id: number, tx?: RowTransaction): Promise<ProductRow | undefined>;
  /** Takes `num` pieces if that many are there; decided by the database in one statement. False: they are not. */
  takeStock(id: number, num: number, tx?: RowTransaction): Promise<boolean>;
  /** Takes `num` pieces of each product that has them; of how many it did. */
  takeStockOfEach(ids: readonly number[], num: number, tx: Transaction): Promise<number>;
  /** Gives `num` pieces back, also to a product that was removed meanwhile. False: no such row, or more than STOCK_MAX. */
  returnStock(id: number, num: number, tx?: Transaction): Promise<boolean>;
}

/** Products for questions. */
export interface ProductView {
  /** A product that was not removed. */
  findLive(id: number): Promise<ProductRow | undefined>;
}

export function createProductView(database: Database, cache: Cache | undefined): ProductView {
  const view = createProductViewGen(database, cache);
  return { findLive: async (id) => unlessRemoved(await view.findOne(id)) };
}

export function createProductModel(database: Database, cache?: Cache): ProductModel {
  const model = createProductModelGen(database, cache);
  return {
    ...model,
    findLive: async (id, tx) => unlessRemoved(await model.findOne(id, tx)),
    takeStock: (id, num, tx) => {
      const expect = { status: PRODUCT_STATUS.onSale };
      return model.decrease(id, { property: "stock", amount: num }, { expect, ...(tx && { tx }) });
    },
    takeStockOfEach: (ids, num, tx) =>
      model.updateMany(
        ids,
        (query) =>
          query
            .set((row) => ({ stock: row("stock", "-", num) }))
            .where("status", "=", PRODUCT_STATUS.onSale)
            .where("stock", ">=", num),
        tx,
      ),
    returnStock: async (id, num, tx) => {
      const returned = await model.updateMany(
        [id],
        (query) =>
          query.set((row) => ({ stock: row("stock", "+", num) })).where("stock", "<=", STOCK_MAX - num),
        tx,
      );
      return returned === 1;
    },
  };
}

function unlessRemoved(product: ProductRow | undefined): ProductRow | undefined {
  return product?.status === PRODUCT_STATUS.removed ? undefined : product;
}
