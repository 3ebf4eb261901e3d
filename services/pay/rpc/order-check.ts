import type { DetailResponse } from "@mall/order/rpc";
import { orderAlreadyPaid, orderCancelled } from "@mall/order/rpc/errors";

/** The order's states that matter to a payment; their meaning is the order service's. */
export const ORDER_STATUS = { unpaid: 0, cancelled: 9 } as const;

/** Whether an order waits for its money. */
export function isPayable(order: DetailResponse): boolean {
  return order.status === ORDER_STATUS.unpaid;
}

/**
 * Lets only an unpaid order pass.
 *
 * @throws AppError ABORTED with the reason the order takes no payment.
 */
export function checkPayable(order: DetailResponse): void {
  if (isPayable(order)) return;
  throw order.status === ORDER_STATUS.cancelled ? orderCancelled() : orderAlreadyPaid();
}
