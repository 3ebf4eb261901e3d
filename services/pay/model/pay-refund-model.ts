import type { Database, Transaction } from "@mall/kit/store";
import {
  createPayRefundModelGen,
  type NewPayRefundRow,
  type PayRefundModelGen,
  type PayRefundRow,
} from "./gen/pay-refund-model.ts";
import { REFUND_STATE, type RefundCause, type RefundMove, refundMoved } from "./refund-state.ts";

export type { PayRefundRow } from "./gen/pay-refund-model.ts";

/** Characters, as the column has them. */
export const REFUND_ERROR_LENGTH_MAX = 255;

/** Which refunds to list. */
interface RefundPage {
  /** In any where it is left out. */
  readonly state?: number | undefined;
  /** Only refunds with a smaller id; 0 for the first page. */
  readonly before: number;
  readonly limit: number;
}

export interface PayRefundModel extends PayRefundModelGen {
  /** The refund with this number. */
  findByNo(refundNo: string, tx: Transaction): Promise<PayRefundRow | undefined>;
  /** Those of a payment for one cause. */
  findByCause(payId: number, cause: RefundCause, tx?: Transaction): Promise<PayRefundRow[]>;
  /** Those of an attempt's money. */
  findByAttempt(attemptId: number, tx: Transaction): Promise<PayRefundRow[]>;
  /** Those of a payment that were not made, as far as is known here. */
  findUnmade(payId: number): Promise<PayRefundRow[]>;
  /** Refunds, the newest first. */
  findPage(page: RefundPage): Promise<PayRefundRow[]>;
  /** How many are to be made by hand, by cause. */
  countByHand(): Promise<ReadonlyMap<string, number>>;
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
    findByNo: async (refundNo, tx) => {
      const rows = await model.findMany((query) => query.where("refund_no", "=", refundNo), tx);
      // MySQL's collation takes A for a.
      return rows.find((row) => row.refundNo === refundNo);
    },
    findByCause: (payId, cause, tx) =>
      model.findMany((query) => query.where("pay_id", "=", payId).where("cause", "=", cause), tx),
    findByAttempt: (attemptId, tx) =>
      model.findMany((query) => query.where("attempt_id", "=", attemptId), tx),
    findUnmade: (payId) =>
      model.findMany((query) =>
        query.where("pay_id", "=", payId).where("state", "!=", REFUND_STATE.succeeded),
      ),
    findPage: ({ state, before, limit }) =>
      model.findMany((query) => {
        let chosen = query.orderBy("id", "desc").limit(limit);
        if (state !== undefined) chosen = chosen.where("state", "=", state);
        return before > 0 ? chosen.where("id", "<", before) : chosen;
      }),
    countByHand: async () => {
      const sql = "SELECT cause, COUNT(*) AS refunds FROM pay_refund WHERE state = ? GROUP BY cause";
      const rows = await database.read({ sql, parameters: [REFUND_STATE.byHand] });
      return new Map(rows.map((row) => [String(row.cause), Number(row.refunds)]));
    },
    move: async (tx, refund, move, changes = {}) => {
      const state = refundMoved(refund.state, move);
      if (state === undefined) return false;
      return model.update(refund.id, { ...changes, state }, { expect: { state: refund.state }, tx });
    },
  };
}
