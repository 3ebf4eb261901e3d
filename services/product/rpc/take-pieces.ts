import { type AppError, invalidArgument } from "@mall/kit/errors";
import type { RowTransaction } from "@mall/kit/store";
import type { ProductModel } from "../model/product-model.ts";
import { PRODUCT_STATUS } from "../model/product-state.ts";
import { productNotFound, productOffShelf, stockInsufficient } from "./errors.ts";
import type { StockMetrics } from "./metrics.ts";

/**
 * A number of pieces to take or give back.
 *
 * @throws AppError INVALID_ARGUMENT naming `num`.
 */
export function checkNum(num: number): void {
  if (num < 1) throw invalidArgument("num", "must be at least 1");
}

/** Pieces of a product. */
export interface Pieces {
  readonly id: number;
  readonly num: number;
}

interface Parts {
  readonly productModel: ProductModel;
  readonly stock: StockMetrics;
}

/**
 * Takes pieces out of stock, or none.
 *
 * @throws AppError why there are none to take.
 */
export async function takePieces(parts: Parts, pieces: Pieces, tx?: RowTransaction): Promise<void> {
  if (await parts.productModel.takeStock(pieces.id, pieces.num, tx)) return;
  await refuseMissing(parts, pieces, tx);
  // Somebody gave some back since.
  throw insufficient(parts);
}

/**
 * Looks whether pieces are there, without holding the product's row.
 *
 * @throws AppError why they are not.
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
