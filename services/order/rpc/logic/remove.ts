import type { Call } from "@mall/kit/context";
import { ORDER_STATUS } from "../../model/order-state.ts";
import type { ServiceContext } from "../context.ts";
import { orderNotFound, orderStateConflict } from "../errors.ts";
import type { RemoveRequest, RemoveResponse } from "../gen/order.ts";

/** Deletes a cancelled order. One that may still be paid, or was, stays: money refers to it. */
export async function remove(
  context: ServiceContext,
  _call: Call,
  request: RemoveRequest,
): Promise<RemoveResponse> {
  const order = await context.orderModel.findOne(request.id);
  if (order === undefined) throw orderNotFound();
  const removed = await context.orderModel.delete(request.id, { expect: { status: ORDER_STATUS.cancelled } });
  if (!removed) throw orderStateConflict();
  return {};
}
