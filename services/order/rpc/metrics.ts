import type { Observer } from "@mall/kit/observe";

/** What the order service counts. */
export interface OrderMetrics {
  /** An order was written. */
  created(): void;
  /** An order became paid. */
  paid(): void;
  /** An unpaid order was cancelled. */
  cancelled(): void;
  /** An order was cancelled because its time to be paid was over; counts among the cancelled ones too. */
  expired(): void;
  /** A cancelled order was paid after all; counts among the paid ones too. */
  reopened(): void;
  /** All the money of an order went back. */
  refunded(): void;
  /** An order was refused for want of stock. */
  stockRefused(): void;
}

export function createOrderMetrics(observer: Observer): OrderMetrics {
  const created = observer.counter({
    name: "mall_orders_created_total",
    help: "Orders that were written.",
    labels: [],
  });
  const paid = observer.counter({
    name: "mall_orders_paid_total",
    help: "Orders that became paid.",
    labels: [],
  });
  const cancelled = observer.counter({
    name: "mall_orders_cancelled_total",
    help: "Unpaid orders that were cancelled.",
    labels: [],
  });
  const expired = observer.counter({
    name: "mall_orders_expired_total",
    help: "Orders that were cancelled because they were not paid in time.",
    labels: [],
  });
  const reopened = observer.counter({
    name: "mall_orders_reopened_total",
    help: "Cancelled orders whose payment came late and found a piece.",
    labels: [],
  });
  const refunded = observer.counter({
    name: "mall_orders_refunded_total",
    help: "Orders whose money went back.",
    labels: [],
  });
  // The same counter as the product service's: each refusal is counted by whoever refuses.
  const stockRefused = observer.counter({
    name: "mall_stock_refusals_total",
    help: "Times that pieces were asked for which were not in stock.",
    labels: [],
  });
  return {
    created: () => created.add(1),
    paid: () => paid.add(1),
    cancelled: () => cancelled.add(1),
    expired: () => expired.add(1),
    reopened: () => reopened.add(1),
    refunded: () => refunded.add(1),
    stockRefused: () => stockRefused.add(1),
  };
}
