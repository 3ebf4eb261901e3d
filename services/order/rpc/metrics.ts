import { countersOf, type Observer } from "@mall/kit/observe";

/** What the order service counts; each member adds one. */
export type OrderMetrics = ReturnType<typeof createOrderMetrics>;

export function createOrderMetrics(observer: Observer) {
  return countersOf(observer, {
    created: { name: "mall_orders_created_total", help: "Orders that were written." },
    paid: { name: "mall_orders_paid_total", help: "Orders that became paid." },
    cancelled: { name: "mall_orders_cancelled_total", help: "Unpaid orders that were cancelled." },
    /** Also counted as cancelled. */
    expired: {
      name: "mall_orders_expired_total",
      help: "Orders that were cancelled because they were not paid in time.",
    },
    /** Also counted as paid. */
    reopened: {
      name: "mall_orders_reopened_total",
      help: "Cancelled orders whose payment came late and found a piece.",
    },
    refunded: { name: "mall_orders_refunded_total", help: "Orders whose money went back." },
    /** The product service has the same counter: whoever refuses counts the refusal. */
    stockRefused: {
      name: "mall_stock_refusals_total",
      help: "Times that pieces were asked for which were not in stock.",
    },
  });
}
