import type { Database, Snapshot } from "@mall/kit/store";
import { type AccountTotal, totalAccounts } from "./account-totals.ts";
import { checkEntries } from "./check-entries.ts";
import { checkKeys } from "./check-keys.ts";
import { checkPayments, type PaymentsSeen } from "./check-payments.ts";
import type { Difference, Report } from "./difference.ts";

export { type Difference, type DifferenceKind, nextStep } from "./difference.ts";

/** What was compared. */
export interface BooksVerified extends Readonly<PaymentsSeen> {
  readonly accounts: readonly AccountTotal[];
  readonly attempts: number;
  readonly refunds: number;
  readonly disputeMoves: number;
  readonly entries: number;
  readonly differences: number;
}

/**
 * Proves that the books say what payments, attempts and refunds say, entry by entry and in total, as of one moment,
 * so that it may be asked of a mall that runs. Rows are read in pages, so memory does not grow with them, nor with what
 * differs: of that no more is looked for than `report` has taken.
 *
 * @param report is called with each difference as it is found.
 */
export function verifyBooks(database: Pick<Database, "snapshot">, report: Report): Promise<BooksVerified> {
  let differences = 0;
  let taken: unknown;
  const count = (difference: Difference): void => {
    differences += 1;
    taken = report(difference);
  };
  return database.snapshot(async (all) => {
    const snapshot: Snapshot = {
      read: async (statement) => {
        await taken;
        return all.read(statement);
      },
    };
    const rows = await checkEntries(snapshot, count);
    const entries = await checkKeys(snapshot, count);
    const seen = await checkPayments(snapshot, count);
    const accounts = await totalAccounts(snapshot, count);
    return { ...seen, ...rows, accounts, entries, differences };
  });
}

/**
 * The same of what is new: the last `newest` attempts, refunds, movements of disputes and payments, in a time that does not grow with the
 * tables. What was changed further back, and sums of accounts, only verifyBooks finds.
 */
export function verifyNewestBooks(database: Database, newest: number, report: Report): Promise<void> {
  return database.snapshot(async (snapshot) => {
    const behind = async (table: string): Promise<number> => {
      const [row] = await snapshot.read({ sql: `SELECT MAX(id) AS id FROM ${table}`, parameters: [] });
      return Math.max(0, Number(row?.id ?? 0) - newest);
    };
    const [attempts, refunds, disputeMoves, payments] = [
      await behind("pay_attempt"),
      await behind("pay_refund"),
      await behind("pay_dispute_move"),
      await behind("pay"),
    ];
    await checkEntries(snapshot, report, { attempts, refunds, disputeMoves });
    await checkPayments(snapshot, report, payments);
  });
}
