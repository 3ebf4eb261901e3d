import type { ServiceContext } from "./context.ts";
import { checkNum } from "./num.ts";
import type { StockParticipant } from "./stock-participant.ts";
import { takePieces } from "./take-pieces.ts";

export function createStockParticipant(context: ServiceContext): StockParticipant {
  return {
    take: async (tx, pieces) => {
      checkNum(pieces.num);
      await takePieces(context, pieces, tx);
    },
  };
}
