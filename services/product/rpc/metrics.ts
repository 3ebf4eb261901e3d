import { countersOf, type Observer } from "@mall/kit/observe";

/** What is counted of stock. */
export type StockMetrics = ReturnType<typeof createStockMetrics>;

export function createStockMetrics(observer: Observer) {
  return countersOf(observer, {
    /** The order service has the same counter: whoever refuses counts the refusal. */
    refused: {
      name: "mall_stock_refusals_total",
      help: "Times that pieces were asked for which were not in stock.",
    },
  });
}
