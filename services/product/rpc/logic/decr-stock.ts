import type { Call } from "@mall/kit/context";
import type { AppError } from "@mall/kit/errors";
import type { Transaction } from "@mall/kit/store";
import { PRODUCT_STATUS } from "../../model/product-state.ts";
import { changeStock } from "../change-stock.ts";
import type { ServiceContext } from "../context.ts";
import { productNotFound, productOffShelf, stockInsufficient } from "../errors.ts";
import type { DecrStockRequest, DecrStockResponse } from "../gen/product.ts";
import { checkNum } from "../num.ts";

/** Takes `num` pieces out of stock, or none; as a branch of a saga, once. */
export async function decrStock(
  context: ServiceContext,
  call: Call,
  request: DecrStockRequest,
): Promise<DecrStockResponse> {
  checkNum(request.num);
  await changeStock(context, call, async (tx) => {
    if (await context.productModel.takeStock(request.id, request.num, tx)) return;
    throw await refusal(context, request.id, tx);
  });
  return {};
}

/** Why there are no such pieces to take. */
async function refusal(context: ServiceContext, id: number, tx?: Transaction): Promise<AppError> {
  const product = await context.productModel.findLive(id, tx);
  if (product === undefined) return productNotFound();
  if (product.status === PRODUCT_STATUS.offShelf) return productOffShelf();
  context.stock.refused();
  return stockInsufficient();
}
