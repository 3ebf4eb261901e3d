import type { ListResponse as Order } from "@mall/order/api";
import type { DetailResponse as Payment } from "@mall/pay/api";

/** What an order is to its buyer. */
export type OrderState =
  | "unpaid"
  | "over"
  | "held"
  | "paid"
  | "refunding"
  | "partlyRefunded"
  | "refunded"
  | "cancelled";

const ORDER = { unpaid: 0, refunded: 2, cancelled: 9 };
const PAYMENT = { paid: 1, closed: 2, refunded: 3, partlyRefunded: 4, held: 5 };

/** By the order, and its payment as far as there is one: money that has come counts before all else. */
export function orderState(
  { status }: Pick<Order, "status">,
  payment: Pick<Payment, "status" | "refundingAmount"> | undefined,
): OrderState {
  if (payment?.status === PAYMENT.held) return "held";
  if (status === ORDER.refunded || payment?.status === PAYMENT.refunded) return "refunded";
  if ((payment?.refundingAmount ?? 0) > 0) return "refunding";
  if (payment?.status === PAYMENT.partlyRefunded) return "partlyRefunded";
  if (status === ORDER.cancelled) return "cancelled";
  if (status !== ORDER.unpaid || payment?.status === PAYMENT.paid) return "paid";
  return payment?.status === PAYMENT.closed ? "over" : "unpaid";
}

/** Whether somebody may wait for something to come of it. */
export function isMoving(state: OrderState): boolean {
  return ["unpaid", "over", "held", "refunding"].includes(state);
}
