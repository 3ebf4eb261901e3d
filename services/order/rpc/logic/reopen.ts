import type { Call } from "@mall/kit/call";
import { ORDER_STATUS } from "../../model/order-state.ts";
import { reopenOrder } from "../../reopen/reopen.ts";
import type { ServiceContext } from "../context.ts";
import { orderNotFound, orderRefunded } from "../errors.ts";
import type { ReopenRequest, ReopenResponse } from "../gen/order.ts";
import { paid } from "./paid.ts";

/**
 * Brings a cancelled order back whose payment came late: pieces are taken again, and it is paid. An order that is
 * paid already stays so.
 *
 * @throws AppError as reopenOrder; ABORTED ORDER_REFUNDED where the money has gone back meanwhile.
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
  // It is unpaid, paid, or came to its end meanwhile.
  return paid(context, call, request);
}
