import type { Observer } from "@mall/kit/observe";

/** What is counted of stock. */
export interface StockMetrics {
  /** Pieces were asked for that are not there; counted by whoever refuses, so once for each refusal. */
  readonly refused: () => void;
}

export function createStockMetrics(observer: Observer): StockMetrics {
  const refusals = observer.counter({
    name: "mall_stock_refusals_total",
    help: "Times that pieces were asked for which were not in stock.",
    labels: [],
  });
  return { refused: () => refusals.add(1) };
}
