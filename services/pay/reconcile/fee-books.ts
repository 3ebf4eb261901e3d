import type { Database } from "@mall/kit/store";
import { createLedgerModel } from "../model/ledger-model.ts";
import { createPayAttemptModel } from "../model/pay-attempt-model.ts";
import { createPayModel } from "../model/pay-model.ts";
import { recordLateFee } from "../receipt/record-late-fee.ts";
import type { TakeFee } from "./compare-lines.ts";

/**
 * Books the fees that only a bill tells, each as an entry of its own beside the receipt, as those that a channel tells
 * later. A mall that runs over the same database is not disturbed: whoever comes second changes nothing.
 */
export function createFeeBooks(database: Database): TakeFee {
  const books = {
    database,
    payModel: createPayModel(database),
    attemptModel: createPayAttemptModel(database),
    ledger: createLedgerModel(database),
  };
  return (attempt, fee) => recordLateFee(books, attempt, fee);
}
