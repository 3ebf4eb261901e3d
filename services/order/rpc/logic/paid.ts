import type { Call } from "@mall/kit/context";
import { ORDER_STATUS } from "../../model/order-state.ts";
import type { ServiceContext } from "../context.ts";
import { orderCancelled, orderNotFound, orderRefunded, orderStateConflict } from "../errors.ts";
import type { PaidRequest, PaidResponse } from "../gen/order.ts";

/** Records that an order is paid; saying it again changes nothing. A cancelled order is not brought back. */
export async function paid(
  context: ServiceContext,
  _call: Call,
  request: PaidRequest,
): Promise<PaidResponse> {
  const order = await context.orderModel.findLive(request.id);
  if (order === undefined) throw orderNotFound();
  if (await context.orderModel.move(order, "pay")) {
    context.metrics.paid();
    return {};
  }
  const now = await context.orderModel.findLive(request.id);
  switch (now?.status) {
    case ORDER_STATUS.paid:
      return {};
    case ORDER_STATUS.cancelled:
      throw orderCancelled();
    case ORDER_STATUS.refunded:
      throw orderRefunded();
    case undefined:
      throw orderNotFound();
    default:
      throw orderStateConflict();
  }
}
