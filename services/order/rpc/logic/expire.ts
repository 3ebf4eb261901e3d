import type { Call } from "@mall/kit/call";
import { expireOrder } from "../../expiry/expiry.ts";
import { endMs } from "../../expiry/order-end.ts";
import { ORDER_STATUS } from "../../model/order-state.ts";
import type { ServiceContext } from "../context.ts";
import { orderNotDue, orderNotFound } from "../errors.ts";
import type { ExpireRequest, ExpireResponse } from "../gen/order.ts";

/** Cancels an order that is still unpaid at its end. One that is settled by then, or has no end, stays as it is. */
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
