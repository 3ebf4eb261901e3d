import type { Cache } from "@mall/kit/cache";
import { invalidArgument } from "@mall/kit/errors";
import {
  type Database,
  type RowTransaction,
  type ScannedPage,
  type SelectOf,
  scanNewest,
  startsWith,
  type Transaction,
} from "@mall/kit/store";
import {
  createProductModelGen,
  createProductViewGen,
  type ProductColumns,
  type ProductModelGen,
  type ProductRow,
} from "./gen/product-model.ts";

export type { ProductRow } from "./gen/product-model.ts";

/** States of a product. A removed product keeps its row, because orders refer to it. */
export const PRODUCT_STATUS = { onSale: 0, offShelf: 1, removed: 2 } as const;

/** The most pieces that the column `stock` holds. */
export const STOCK_MAX = 4294967295;

/** Which products to list; what is undefined does not matter. */
export interface ProductPage {
  readonly status?: number | undefined;
  /** How the name begins, upper and lower case being alike. */
  readonly name?: string | undefined;
  /** Only products with a smaller id; 0 for the first page. */
  readonly before: number;
  readonly limit: number;
}

export interface ProductModel extends ProductModelGen {
  /** A product, unless it was removed. */
  findLive(id: number, tx?: RowTransaction): Promise<ProductRow | undefined>;
  /** A page of products that were not removed, newest first. */
  findPage(page: ProductPage): Promise<ScannedPage<ProductRow>>;
  /** Takes `num` pieces in one conditional statement; false if fewer are in stock or the product is not on sale. */
  takeStock(id: number, num: number, tx?: RowTransaction): Promise<boolean>;
  /** Takes `num` pieces of each product that has them, and returns how many products that were. */
  takeStockOfEach(ids: readonly number[], num: number, tx: Transaction): Promise<number>;
  /** Returns `num` pieces to stock, also of a removed product; false if there is no such row or STOCK_MAX is exceeded. */
  returnStock(id: number, num: number, tx?: Transaction): Promise<boolean>;
}

/** Products as they may be read from the cache. */
export interface ProductView {
  /** A product, unless it was removed. */
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
    findPage: ({ status, name, before, limit }) =>
      scanNewest<ProductRow, SelectOf<ProductColumns>>(model.findMany, {
        before,
        limit,
        matching: (query) => {
          const live = query.where("status", "!=", PRODUCT_STATUS.removed);
          const chosen = status === undefined ? live : live.where("status", "=", status);
          return name === undefined ? chosen : chosen.where(startsWith("name", name));
        },
      }),
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

/**
 * Accepts only the states that a caller may set; `removed` is reserved for the method Remove.
 *
 * @throws AppError INVALID_ARGUMENT naming `status`.
 */
export function checkStatus(status: number): void {
  if (status !== PRODUCT_STATUS.onSale && status !== PRODUCT_STATUS.offShelf) {
    throw invalidArgument("status", "must be 0 (on sale) or 1 (off shelf)");
  }
}
