import type { Call } from "@mall/kit/context";
import type { OrderRow } from "../../model/order-model.ts";
import { ORDER_STATUS } from "../../model/order-state.ts";
import { cancel } from "../cancel.ts";
import type { ServiceContext } from "../context.ts";
import { orderFixed, orderNotFound, orderStateConflict } from "../errors.ts";
import type { UpdateRequest, UpdateResponse } from "../gen/order.ts";

/**
 * Changes an unpaid order's amount, or cancels it (status 9), which gives its piece back to stock. Who
 * ordered what is fixed, and only a payment makes an order paid.
 */
export async function update(
  context: ServiceContext,
  _call: Call,
  request: UpdateRequest,
): Promise<UpdateResponse> {
  const order = await context.orderModel.findLive(request.id);
  if (order === undefined) throw orderNotFound();
  if (request.uid !== undefined && request.uid !== order.uid) throw orderFixed("uid");
  if (request.pid !== undefined && request.pid !== order.pid) throw orderFixed("pid");
  const status = request.status ?? order.status;
  if (status !== order.status && status !== ORDER_STATUS.cancelled) throw orderStateConflict();
  if (request.amount !== undefined && request.amount !== order.amount) {
    await changeAmount(context, order, request.amount);
  }
  if (status !== order.status) await cancel(context, order);
  return {};
}

async function changeAmount(context: ServiceContext, order: OrderRow, amount: number): Promise<void> {
  const { id } = order;
  const changed = await context.orderModel.update(
    id,
    { amount },
    { expect: { status: ORDER_STATUS.unpaid } },
  );
  if (!changed) throw orderStateConflict();
}
