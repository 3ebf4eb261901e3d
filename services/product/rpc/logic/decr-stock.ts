import type { Call } from "@mall/kit/context";
import { PRODUCT_STATUS } from "../../model/product-state.ts";
import type { ServiceContext } from "../context.ts";
import { productNotFound, productOffShelf, stockInsufficient } from "../errors.ts";
import type { DecrStockRequest, DecrStockResponse } from "../gen/product.ts";
import { checkNum } from "../num.ts";

/** Takes `num` pieces out of stock, or none. */
export async function decrStock(
  context: ServiceContext,
  _call: Call,
  request: DecrStockRequest,
): Promise<DecrStockResponse> {
  checkNum(request.num);
  if (await context.productModel.takeStock(request.id, request.num)) return {};
  const product = await context.productModel.findLive(request.id);
  if (product === undefined) throw productNotFound();
  if (product.status === PRODUCT_STATUS.offShelf) throw productOffShelf();
  context.stock.refused();
  throw stockInsufficient();
}
