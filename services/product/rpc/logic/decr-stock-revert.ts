import type { Call } from "@mall/kit/context";
import { invalidArgument } from "@mall/kit/errors";
import { STOCK_MAX } from "../../model/product-model.ts";
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
  if (await context.productModel.returnStock(request.id, request.num)) return {};
  if ((await context.productModel.findOne(request.id)) === undefined) throw productNotFound();
  throw invalidArgument("num", `must not make the stock greater than ${STOCK_MAX}`);
}
