import type { ServiceContext } from "./context.ts";
import type { Taken } from "./decisions/receipt.ts";

/** Counts what became of money, once its transaction has been committed. */
export function countTaken({ metrics }: ServiceContext, { outcome, source, amount }: Taken): void {
  if (outcome === "paid") metrics.succeeded(source, amount);
  if (outcome === "held") metrics.held(source, amount);
  if (outcome === "surplus") metrics.surplus(source, amount);
}
