import { backgroundCall, type Call, settleInOrder } from "@mall/kit/context";
import { productOffShelf, stockInsufficient } from "@mall/product/rpc/errors";
import type { ServiceContext } from "../context.ts";
import { priceMismatch } from "../errors.ts";
import type { CreateRequest, CreateResponse } from "../gen/order.ts";
import { newOrder } from "../new-order.ts";
import { PIECES } from "../pieces.ts";

/**
 * Orders one piece at the product's price. Stock is taken first and given back if the order cannot be
 * written, so that an order never stands without its piece.
 */
export async function create(
  context: ServiceContext,
  call: Call,
  request: CreateRequest,
): Promise<CreateResponse> {
  const { uid, pid, amount } = request;
  const [, product] = await settleInOrder(
    context.userRpc.userInfo(call, { id: uid }),
    context.productRpc.detail(call, { id: pid }),
  );
  if (product.status !== 0) throw productOffShelf();
  if (product.stock < PIECES) {
    context.metrics.stockRefused();
    throw stockInsufficient();
  }
  if (product.amount !== amount) throw priceMismatch();
  await context.productRpc.decrStock(call, { id: pid, num: PIECES });
  try {
    const id = await context.orderModel.insert(newOrder(context, request));
    context.metrics.created();
    return { id };
  } catch (error) {
    await returnPiece(context, pid);
    throw error;
  }
}

/** Not under the caller's deadline: the piece goes back also where the caller has stopped waiting. */
async function returnPiece(context: ServiceContext, pid: number): Promise<void> {
  try {
    await context.productRpc.decrStockRevert(backgroundCall(), { id: pid, num: PIECES });
  } catch (error) {
    context.log.error(
      { pid, num: PIECES, error },
      "stock of an order that was not written could not be returned",
    );
  }
}
