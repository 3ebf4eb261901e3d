import type { Call } from "@mall/kit/call";
import { invalidArgument } from "@mall/kit/errors";
import type { Transaction } from "@mall/kit/store";
import { STOCK_MAX } from "../../model/product-model.ts";
import type { ServiceContext } from "../context.ts";
import { productNotFound } from "../errors.ts";
import type { DecrStockRequest, DecrStockResponse } from "../gen/product.ts";
import { checkNum } from "../take-pieces.ts";

/** Gives `num` pieces back to stock; as a branch of a saga, once, and only those that were taken. */
export async function decrStockRevert(
  context: ServiceContext,
  { branch }: Call,
  request: DecrStockRequest,
): Promise<DecrStockResponse> {
  checkNum(request.num);
  const { database, barrier } = context;
  if (branch === undefined) await giveBack(context, request);
  else await database.transaction((tx) => barrier.run(tx, branch, () => giveBack(context, request, tx)));
  return {};
}

async function giveBack(
  { productModel }: ServiceContext,
  { id, num }: DecrStockRequest,
  tx?: Transaction,
): Promise<void> {
  if (await productModel.returnStock(id, num, tx)) return;
  if ((await productModel.findOne(id, tx)) === undefined) throw productNotFound();
  throw invalidArgument("num", `must not make the stock greater than ${STOCK_MAX}`);
}
