import type { Call } from "@mall/kit/context";
import { ORDER_STATUS } from "../../model/order-state.ts";
import type { ServiceContext } from "../context.ts";
import { orderNotFound, orderStateConflict } from "../errors.ts";
import type { RefundedRequest, RefundedResponse } from "../gen/order.ts";
import { release } from "../release.ts";

/**
 * Records that all the money of an order went back; saying it again changes nothing. The order holds no pieces
 * any more and stays unpaid for ever, also where the word that it is paid comes only now. A removed one stays so.
 */
export async function refunded(
  context: ServiceContext,
  _call: Call,
  request: RefundedRequest,
): Promise<RefundedResponse> {
  const order = await context.orderModel.findOne(request.id);
  if (order === undefined) throw orderNotFound();
  if (isEnd(order.status)) return {};
  if (await release(context, order, "refund")) {
    context.metrics.refunded();
    return {};
  }
  const now = await context.orderModel.findOne(request.id);
  if (now !== undefined && isEnd(now.status)) return {};
  // It is being paid, cancelled or reopened at this moment, so asking again decides.
  throw orderStateConflict();
}

function isEnd(status: number): boolean {
  return status === ORDER_STATUS.refunded || status === ORDER_STATUS.removed;
}
