import type { Database, Transaction } from "@mall/kit/store";
import {
  createPayRefundModelGen,
  type NewPayRefundRow,
  type PayRefundModelGen,
  type PayRefundRow,
} from "./gen/pay-refund-model.ts";
import { type RefundMove, refundMoved } from "./refund-state.ts";

export type { PayRefundRow } from "./gen/pay-refund-model.ts";

export interface PayRefundModel extends PayRefundModelGen {
  /** Moves a refund out of the state it was read in; false where it has moved meanwhile or may not. */
  move(
    tx: Transaction,
    refund: PayRefundRow,
    move: RefundMove,
    changes?: Partial<NewPayRefundRow>,
  ): Promise<boolean>;
}

export function createPayRefundModel(database: Database): PayRefundModel {
  const model = createPayRefundModelGen(database);
  return {
    ...model,
    move: async (tx, refund, move, changes = {}) => {
      const state = refundMoved(refund.state, move);
      if (state === undefined) return false;
      return model.update(refund.id, { ...changes, state }, { expect: { state: refund.state }, tx });
    },
  };
}
