import type { Call } from "@mall/kit/call";
import { endMs, expireOrder } from "../../expiry/expiry.ts";
import { ORDER_STATUS } from "../../model/order-state.ts";
import type { ServiceContext } from "../context.ts";
import { orderNotDue, orderNotFound } from "../errors.ts";
import type { ExpireRequest, ExpireResponse } from "../gen/order.ts";

/**
 * Cancels an order that is still unpaid when it expires. One that was settled before, or never expires, stays as it is.
 *
 * @throws AppError NOT_FOUND ORDER_NOT_FOUND; FAILED_PRECONDITION ORDER_NOT_DUE if it has not expired yet.
 */
export async function expire(
  context: ServiceContext,
  _call: Call,
  request: ExpireRequest,
): Promise<ExpireResponse> {
  const order = await context.orderModel.findOne(request.id);
  if (order === undefined) throw orderNotFound();
  if (order.status !== ORDER_STATUS.unpaid || order.expireTime === null) return {};
  if (endMs(order) > context.runtime.now()) throw orderNotDue();
  await expireOrder(context, order);
  return {};
}
