import type { Call } from "@mall/kit/context";
import type { ServiceContext } from "../context.ts";
import { productNotFound } from "../errors.ts";
import type { DecrStockRequest, DecrStockResponse } from "../gen/product.ts";
import { checkNum } from "../num.ts";

/** Gives `num` pieces back to stock. */
export async function decrStockRevert(
  context: ServiceContext,
  _call: Call,
  request: DecrStockRequest,
): Promise<DecrStockResponse> {
  checkNum(request.num);
  if (!(await context.productModel.returnStock(request.id, request.num))) throw productNotFound();
  return {};
}
