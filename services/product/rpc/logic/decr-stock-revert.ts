import type { Call } from "@mall/kit/context";
import { invalidArgument } from "@mall/kit/errors";
import { STOCK_MAX } from "../../model/product-model.ts";
import { changeStock } from "../change-stock.ts";
import type { ServiceContext } from "../context.ts";
import { productNotFound } from "../errors.ts";
import type { DecrStockRequest, DecrStockResponse } from "../gen/product.ts";
import { checkNum } from "../num.ts";

/** Gives `num` pieces back to stock; as a branch of a saga, once, and only those that were taken. */
export async function decrStockRevert(
  context: ServiceContext,
  call: Call,
  request: DecrStockRequest,
): Promise<DecrStockResponse> {
  checkNum(request.num);
  const { id, num } = request;
  await changeStock(context, call, async (tx) => {
    if (await context.productModel.returnStock(id, num, tx)) return;
    if ((await context.productModel.findOne(id, tx)) === undefined) throw productNotFound();
    throw invalidArgument("num", `must not make the stock greater than ${STOCK_MAX}`);
  });
  return {};
}
