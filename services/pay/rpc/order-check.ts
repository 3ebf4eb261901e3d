import type { DetailResponse } from "@mall/order/rpc";
import { orderAlreadyPaid, orderCancelled } from "@mall/order/rpc/errors";

/** The order's states that matter to a payment; their meaning is the order service's. */
const ORDER_UNPAID = 0;
const ORDER_CANCELLED = 9;

/**
 * Lets only an unpaid order pass.
 *
 * @throws AppError ABORTED with the reason the order takes no payment.
 */
export function checkPayable(order: DetailResponse): void {
  if (order.status === ORDER_UNPAID) return;
  throw order.status === ORDER_CANCELLED ? orderCancelled() : orderAlreadyPaid();
}
