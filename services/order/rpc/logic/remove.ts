import type { Call } from "@mall/kit/context";
import { ORDER_STATUS } from "../../model/order-state.ts";
import { cancel } from "../cancel.ts";
import type { ServiceContext } from "../context.ts";
import { orderNotFound, orderStateConflict } from "../errors.ts";
import type { RemoveRequest, RemoveResponse } from "../gen/order.ts";

/** Takes an order away, cancelling it first if it is unpaid. A paid one stays: money refers to it. */
export async function remove(
  context: ServiceContext,
  _call: Call,
  request: RemoveRequest,
): Promise<RemoveResponse> {
  const order = await context.orderModel.findLive(request.id);
  if (order === undefined) throw orderNotFound();
  if (order.status === ORDER_STATUS.unpaid) await cancel(context, order);
  const cancelled = { ...order, status: ORDER_STATUS.cancelled };
  const mayGo = order.status === ORDER_STATUS.unpaid || order.status === ORDER_STATUS.cancelled;
  if (!mayGo || !(await context.orderModel.move(cancelled, "remove"))) throw orderStateConflict();
  return {};
}
