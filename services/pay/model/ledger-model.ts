import type { Database, RowTransaction } from "@mall/kit/store";
import { createLedgerEntryModelGen, type LedgerEntryModelGen } from "./gen/ledger-entry-model.ts";

/** Where money of the books is; what a channel owes us has one account per channel. */
export const ACCOUNT = {
  channel: (name: string): string => `channel:${name}`,
  sales: "sales",
  fees: "fees",
  /** Money that is not ours to keep, or of which nobody has decided yet whose it is. */
  suspense: "suspense",
  /** What buyers' banks took by disputes, and have not given back. */
  disputes: "disputes",
} as const;

/** One side of an entry; amounts in minor units, at least one of them 0. */
interface LedgerLine {
  readonly account: string;
  readonly debit?: number;
  readonly credit?: number;
}

/** A line that adds to what stands on an account, or takes from it where the amount is negative; none where it is 0. */
export function movedLine(account: string, amount: number): Required<LedgerLine>[] {
  if (amount === 0) return [];
  return [{ account, debit: Math.max(0, amount), credit: Math.max(0, -amount) }];
}

/** Something that moved money. */
interface LedgerTransaction {
  /** What happened, e.g. `receipt:17`: it is written down once. */
  readonly key: string;
  readonly payId: number;
  readonly currency: string;
  readonly lines: readonly LedgerLine[];
}

export interface LedgerModel extends LedgerEntryModelGen {
  /**
   * Writes a balanced double entry.
   *
   * @throws DuplicateKeyError where it is written already; Error where its sides differ.
   */
  post(tx: RowTransaction, transaction: LedgerTransaction): Promise<void>;
}

export function createLedgerModel(database: Database): LedgerModel {
  const model = createLedgerEntryModelGen(database);
  return {
    ...model,
    post: async (tx, { key, payId, currency, lines }) => {
      const balance = lines.reduce((sum, { debit = 0, credit = 0 }) => sum + debit - credit, 0);
      if (balance !== 0) throw new Error(`ledger transaction ${key} is out of balance by ${balance}`);
      const entries = lines.map(({ account, debit = 0, credit = 0 }, line) => ({
        ...{ txnKey: key, line, account, debit, credit, currency, payId },
      }));
      await model.insertAll(entries, tx);
    },
  };
}
