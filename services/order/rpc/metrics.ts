import type { Observer } from "@mall/kit/observe";

/** What the order service counts. */
export interface OrderMetrics {
  /** An order was written. */
  created(): void;
  /** An unpaid order became paid. */
  paid(): void;
  /** An unpaid order was cancelled. */
  cancelled(): void;
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
    stockRefused: () => stockRefused.add(1),
  };
}
