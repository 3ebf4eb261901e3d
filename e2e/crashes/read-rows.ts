import { systemRuntime } from "@mall/kit/runtime";
import { type Database, openDatabase } from "@mall/kit/store";
import { BOOKS_SQL, type Books, type OpenWork } from "../../sim/invariants/index.ts";

/**
 * What is not over. Jobs that come again for ever have their kind for a key; a closed attempt is looked back at for
 * a day, and one that is not closed stands here itself.
 */
const OPEN_SQL = [
  "SELECT queue AS service, CONCAT(kind, ' ', payload, ' in state ', state, ' ', error) AS what FROM job WHERE state = 2 OR (state = 0 AND NOT (kind LIKE 'pay.query-attempt%' AND JSON_VALUE(payload, '$.attemptId') IN (SELECT id FROM pay_attempt WHERE state = 4)) AND NOT (unique_key <=> kind))",
  "SELECT 'order' AS service, CONCAT('saga ', gid) AS what FROM saga WHERE state IN (0, 1)",
  "SELECT 'mall' AS service, CONCAT('key ', idempotency_key) AS what FROM idempotency WHERE state = 0",
  "SELECT 'order' AS service, CONCAT('unpaid order ', id) AS what FROM `order` WHERE status = 0",
  "SELECT 'pay' AS service, CONCAT('unpaid payment ', id) AS what FROM pay WHERE status = 0",
  "SELECT 'pay' AS service, CONCAT('attempt ', out_trade_no, ' in state ', state) AS what FROM pay_attempt WHERE state IN (0, 1, 5)",
  "SELECT 'pay' AS service, CONCAT('refund ', refund_no, ' in state ', state) AS what FROM pay_refund WHERE state IN (0, 1)",
  "SELECT 'pay' AS service, CONCAT('notification ', event_key) AS what FROM pay_notify WHERE state = 0",
];

/** How long everything may take to come to its end, milliseconds. */
const QUIET_MS_MAX = 120_000;
const LOOK_MS = 500;

/** The rows of a mall on MySQL, past its code. */
export interface RowReader {
  books(): Promise<Books>;
  /** What still has to come to its end. */
  openWork(): Promise<OpenWork[]>;
  close(): Promise<void>;
}

export async function openRowReader(dataSource: string): Promise<RowReader> {
  const database = await openDatabase({ dataSource, runtime: systemRuntime });
  return {
    books: () => readBooks(database),
    openWork: async () => {
      const found: OpenWork[] = [];
      for (const sql of OPEN_SQL) found.push(...(await read<OpenWork>(database, sql)));
      return found;
    },
    close: () => database.close(),
  };
}

/** Resolves with the seconds until nothing was under way any more, or once that took too long. */
export async function untilQuiet(rows: RowReader): Promise<number> {
  const beganAt = Date.now();
  while ((await rows.openWork()).length > 0 && Date.now() - beganAt < QUIET_MS_MAX) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return (Date.now() - beganAt) / 1000;
}

async function readBooks(database: Database): Promise<Books> {
  return {
    products: await read(database, BOOKS_SQL.products),
    orders: await read(database, BOOKS_SQL.orders.replaceAll('"', "`")),
    pays: await read(database, BOOKS_SQL.pays),
    attempts: await read(database, BOOKS_SQL.attempts),
    refunds: await read(database, BOOKS_SQL.refunds),
    disputeMoves: await read(database, BOOKS_SQL.disputeMoves),
    ledger: await read(database, BOOKS_SQL.ledger),
    approvals: await read(database, BOOKS_SQL.approvals),
    events: new Set((await read<{ event: string }>(database, BOOKS_SQL.events)).map(({ event }) => event)),
  };
}

/** The row's shape is what the statement selects. */
async function read<Row>(database: Database, sql: string): Promise<Row[]> {
  return (await database.read({ sql, parameters: [] })) as unknown as Row[];
}
