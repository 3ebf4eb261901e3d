import type { Database, Transaction } from "@mall/kit/store";
import { type AttemptMove, attemptMoved, isOpen } from "./attempt-state.ts";
import {
  createPayAttemptModelGen,
  type NewPayAttemptRow,
  type PayAttemptModelGen,
  type PayAttemptRow,
} from "./gen/pay-attempt-model.ts";

export type { NewPayAttemptRow, PayAttemptRow } from "./gen/pay-attempt-model.ts";

export interface PayAttemptModel extends PayAttemptModelGen {
  /** All attempts of a payment, the oldest first. */
  findByPay(payId: number, tx?: Transaction): Promise<PayAttemptRow[]>;
  /** Those that may still bring money as expected. */
  findOpen(payId: number, tx?: Transaction): Promise<PayAttemptRow[]>;
  /**
   * Moves an attempt out of the state it was read in; false where it has moved meanwhile or may not.
   *
   * @throws DuplicateKeyError where another attempt is the payment's success already.
   */
  move(
    tx: Transaction,
    attempt: PayAttemptRow,
    move: AttemptMove,
    changes?: Partial<NewPayAttemptRow>,
  ): Promise<boolean>;
}

/** Not cached: an attempt is read where something is decided about it. */
export function createPayAttemptModel(database: Database): PayAttemptModel {
  const model = createPayAttemptModelGen(database);
  const findByPay = (payId: number, tx?: Transaction): Promise<PayAttemptRow[]> =>
    model.findMany((query) => query.where("pay_id", "=", payId).orderBy("id"), tx);
  return {
    ...model,
    findByPay,
    findOpen: async (payId, tx) => (await findByPay(payId, tx)).filter(({ state }) => isOpen(state)),
    move: async (tx, attempt, move, changes = {}) => {
      const state = attemptMoved(attempt.state, move);
      if (state === undefined) return false;
      return model.update(attempt.id, { ...changes, state }, { expect: { state: attempt.state }, tx });
    },
  };
}
