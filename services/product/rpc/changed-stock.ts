import { STOCK_MAX } from "../model/product-model.ts";
import { stockInsufficient, stockOverflow } from "./errors.ts";

/**
 * As many pieces as there are after a change by difference. Pieces that orders hold are not in stock, so that none of
 * them can be taken away.
 *
 * @throws AppError ABORTED STOCK_INSUFFICIENT; FAILED_PRECONDITION STOCK_OVERFLOW naming `field`.
 */
export function changedStock(stock: number, change: number, field: string): number {
  const changed = stock + change;
  if (changed < 0) throw stockInsufficient();
  if (changed > STOCK_MAX) throw stockOverflow(field, STOCK_MAX);
  return changed;
}
