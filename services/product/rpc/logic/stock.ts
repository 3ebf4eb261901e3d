import type { Call } from "@mall/kit/call";
import type { Transaction } from "@mall/kit/store";
import { PRODUCT_STATUS } from "../../model/product-model.ts";
import { actOnProduct } from "../act-on-product.ts";
import { changedStock } from "../changed-stock.ts";
import type { ServiceContext } from "../context.ts";
import { productChanged, productNotFound } from "../errors.ts";
import type { StockRequest, StockResponse } from "../gen/product.ts";

/**
 * Adds pieces to a product's stock or, below zero, takes some away: by difference, whatever is sold meanwhile.
 *
 * @throws AppError NOT_FOUND PRODUCT_NOT_FOUND; ABORTED STOCK_INSUFFICIENT where there are fewer;
 * FAILED_PRECONDITION STOCK_OVERFLOW.
 */
export function stock(context: ServiceContext, call: Call, request: StockRequest): Promise<StockResponse> {
  return context.idempotency.once<StockResponse>(call, request, (commit) =>
    commit.transaction(async (tx) => {
      const act = { tx, id: () => request.id };
      return { answer: { stock: await actOnProduct(context, call, act, () => move(context, tx, request)) } };
    }),
  );
}

async function move(
  { productModel }: ServiceContext,
  tx: Transaction,
  { id, change }: StockRequest,
): Promise<number> {
  const product = await productModel.lockOne(id, tx);
  if (product === undefined || product.status === PRODUCT_STATUS.removed) throw productNotFound();
  const { stock: before, status } = product;
  const after = changedStock(before, change, "change");
  const isChanged = await productModel.update(
    id,
    { stock: after },
    { expect: { stock: before, status }, tx },
  );
  if (!isChanged) throw productChanged("stock");
  return after;
}
