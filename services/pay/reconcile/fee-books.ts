import type { Database } from "@mall/kit/store";
import { createLedgerModel } from "../model/ledger-model.ts";
import { createPayAttemptModel } from "../model/pay-attempt-model.ts";
import { createPayModel } from "../model/pay-model.ts";
import { createPayRefundModel } from "../model/pay-refund-model.ts";
import { recordLateFee } from "../receipt/record-late-fee.ts";
import { recordFeeBack } from "../refund/record-fee-back.ts";
import type { UnknownFee } from "./compare-lines.ts";

/** Takes what only a bill tells of fees. */
export interface TakeFees {
  taken(fee: UnknownFee): Promise<void>;
  givenBack(fee: UnknownFee): Promise<void>;
}

/**
 * Books what only a bill tells of fees, each as an entry of its own, as the fees that a channel tells later. A mall that
 * runs over the same database is not disturbed: whoever comes second changes nothing.
 */
export function createFeeBooks(database: Database): TakeFees {
  const books = {
    database,
    payModel: createPayModel(database),
    attemptModel: createPayAttemptModel(database),
    refundModel: createPayRefundModel(database),
    ledger: createLedgerModel(database),
  };
  return {
    taken: ({ fee, ...attempt }) => recordLateFee(books, attempt, fee),
    givenBack: ({ fee, ...refund }) => recordFeeBack(books, refund, fee),
  };
}

/** Leaves the books as they are. */
export const NO_FEE_BOOKS: TakeFees = { taken: async () => {}, givenBack: async () => {} };
