import { defineParticipant } from "@mall/kit/process";
import type { RowTransaction } from "@mall/kit/store";
import type { ServiceContext } from "./context.ts";
import { checkNum, takePieces } from "./take-pieces.ts";

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

export function createStockParticipant(context: ServiceContext): StockParticipant {
  return {
    take: async (tx, pieces) => {
      checkNum(pieces.num);
      await takePieces(context, pieces, tx);
    },
  };
}
