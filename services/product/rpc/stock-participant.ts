import { defineParticipant } from "@mall/kit/process";
import type { RowTransaction } from "@mall/kit/store";

/** Stock in the transactions of neighbours. */
export interface StockParticipant {
  /**
   * Takes pieces out of stock, or none.
   *
   * @throws AppError why there are none to take, as `decrStock`.
   */
  take(tx: RowTransaction, pieces: { readonly id: number; readonly num: number }): Promise<void>;
}

export const STOCK = defineParticipant<StockParticipant>("product.stock");
