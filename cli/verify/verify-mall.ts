import { type BooksVerified, nextStep, verifyBooks } from "@mall/pay/model/books";
import { checkOrders } from "./check-orders.ts";
import { checkNotifies, checkPays } from "./check-pays.ts";
import { checkStockSums, type InitialStock } from "./check-stock.ts";
import { checkWork, type WorkSeen } from "./check-work.ts";
import type { Finding, Report } from "./finding.ts";
import { distinctDatabases, type MallDatabases, withSnapshots } from "./mall-databases.ts";
import type { Verification } from "./verification.ts";

/** How long what follows a step may keep one waiting, milliseconds, where nobody says. */
export const OLDER_THAN_MS = 60_000;

export interface VerifyOptions {
  /** Whoever is in between two steps for longer is a difference, milliseconds; OLDER_THAN_MS where it is left out. */
  readonly olderThanMs?: number;
  /** How many pieces of products there are altogether, where that is known; by product. */
  readonly initial?: InitialStock;
  /** Told each finding when it is found; what it returns is awaited before more is looked for. */
  readonly report?: Report;
  /** Told how far the work is: rows of a table that were looked at. */
  readonly progress?: (table: string, rows: number) => void;
}

/** What was compared. */
export interface MallVerified extends WorkSeen {
  readonly books: BooksVerified;
  readonly payments: number;
  readonly orders: number;
  /** Orders whose pieces could be followed, branch by branch. */
  readonly ordersWithPieces: number;
  readonly differences: number;
  /** What was in between two steps, and is no difference. */
  readonly underWay: number;
}

/**
 * Proves that books, payments, orders and stock say the same, and that whatever has begun goes on, while the mall
 * runs. Rows are read page by page on snapshots, past all caches, so memory does not grow with them.
 */
export async function verifyMall(
  databases: MallDatabases,
  { olderThanMs = OLDER_THAN_MS, initial = new Map(), report, progress = () => {} }: VerifyOptions = {},
): Promise<MallVerified> {
  let [differences, underWay] = [0, 0];
  const count = (finding: Finding): unknown => {
    if (finding.isUnderWay) underWay += 1;
    else differences += 1;
    return report?.(finding);
  };
  const now = databases.pay.runtime.now();
  const verification: Verification = { databases, now, olderThanMs, report: count, progress };
  const books = await verifyBooks(databases.pay, (difference) =>
    count({ ...difference, rows: {}, isUnderWay: false, next: nextStep(difference) }),
  );
  const seen = await withSnapshots(databases, async (snapshots) => {
    const payments = await checkPays(verification, snapshots);
    await checkNotifies(verification, snapshots);
    const { orders, withPieces } = await checkOrders(verification, snapshots);
    return { payments, orders, ordersWithPieces: withPieces };
  });
  await checkStockSums(verification, initial);
  const work: WorkSeen = { jobs: 0, sagas: 0, keys: 0 };
  for (const [database, services] of distinctDatabases(databases)) {
    await database.snapshot((snapshot) =>
      checkWork(verification, snapshot, { database, services, seen: work }),
    );
  }
  return { ...seen, ...work, books, differences, underWay };
}
