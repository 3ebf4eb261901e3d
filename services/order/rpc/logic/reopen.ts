import type { Call } from "@mall/kit/call";
import { ORDER_STATUS } from "../../model/order-state.ts";
import { reopenOrder } from "../../reopen/reopen.ts";
import type { ServiceContext } from "../context.ts";
import { orderNotFound, orderRefunded } from "../errors.ts";
import type { ReopenRequest, ReopenResponse } from "../gen/order.ts";
import { paid } from "./paid.ts";

/**
 * Reopens a cancelled order that was paid too late: takes pieces again and marks it as paid. An order that is already
 * paid stays as it is.
 *
 * @throws AppError as reopenOrder and paid; ABORTED ORDER_REFUNDED if the money has been refunded in the meantime.
 */
export async function reopen(
  context: ServiceContext,
  call: Call,
  request: ReopenRequest,
): Promise<ReopenResponse> {
  const { id, amount } = request;
  const order = await context.orderModel.findLive(id);
  if (order === undefined) throw orderNotFound();
  if (order.status === ORDER_STATUS.refunded) throw orderRefunded();
  const isCancelled = order.status === ORDER_STATUS.cancelled;
  if (isCancelled && (await reopenOrder(context, call, order, amount))) return {};
  // It was not cancelled, or no longer is.
  return paid(context, call, request);
}
