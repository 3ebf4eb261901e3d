import { type AppError, invalidArgument } from "@mall/kit/errors";
import { defineParticipant } from "@mall/kit/process";
import type { RowTransaction } from "@mall/kit/store";
import { PRODUCT_STATUS, type ProductModel } from "../model/product-model.ts";
import { productNotFound, productOffShelf, stockInsufficient } from "./errors.ts";
import type { StockMetrics } from "./metrics.ts";

/**
 * Checks a number of pieces to take or to return.
 *
 * @throws AppError INVALID_ARGUMENT naming `num`.
 */
export function checkNum(num: number): void {
  if (num < 1) throw invalidArgument("num", "must be at least 1");
}

/** A number of pieces of a product. */
export interface Pieces {
  readonly id: number;
  readonly num: number;
}

interface Parts {
  readonly productModel: ProductModel;
  readonly stock: StockMetrics;
}

/**
 * Takes all of the pieces out of stock, or none.
 *
 * @throws AppError NOT_FOUND PRODUCT_NOT_FOUND; FAILED_PRECONDITION PRODUCT_OFF_SHELF; ABORTED STOCK_INSUFFICIENT.
 */
export async function takePieces(parts: Parts, pieces: Pieces, tx?: RowTransaction): Promise<void> {
  if (await parts.productModel.takeStock(pieces.id, pieces.num, tx)) return;
  await refuseMissing(parts, pieces, tx);
  // Some were returned in the meantime.
  throw insufficient(parts);
}

/**
 * Checks that the pieces are in stock, without locking the product's row.
 *
 * @throws AppError as takePieces.
 */
export async function refuseMissing(parts: Parts, { id, num }: Pieces, tx?: RowTransaction): Promise<void> {
  const product = await parts.productModel.findLive(id, tx);
  if (product === undefined) throw productNotFound();
  if (product.status === PRODUCT_STATUS.offShelf) throw productOffShelf();
  if (product.stock < num) throw insufficient(parts);
}

function insufficient({ stock }: Parts): AppError {
  stock.refused();
  return stockInsufficient();
}

/** Lets other services take stock in their own transactions. */
export interface StockParticipant {
  /**
   * Takes all of the pieces out of stock, or none.
   *
   * @throws AppError as `decrStock`.
   */
  take(tx: RowTransaction, pieces: Pieces): Promise<void>;
}

export const STOCK = defineParticipant<StockParticipant>("product.stock");

export function createStockParticipant(parts: Parts): StockParticipant {
  return {
    take: async (tx, pieces) => {
      checkNum(pieces.num);
      await takePieces(parts, pieces, tx);
    },
  };
}
