import type { Database, Transaction } from "@mall/kit/store";

// A Go mall lets two payments of one order come to be (check before insert, and a cache that hides the first). Here an
// index decides, so a table that a Go mall filled has to have one payment for each order before it can be taken over.

/** One of several payments of an order. */
export interface DoublePayment {
  readonly id: number;
  readonly uid: number;
  readonly amount: number;
  /** 1: paid. */
  readonly status: number;
  readonly createTime: string;
}

/** The payments of an order that has more than one. */
export interface DoublePaid {
  readonly oid: number;
  /** The one that stays: the first that was paid, else the first. */
  readonly keep: DoublePayment;
  readonly move: readonly DoublePayment[];
}

/** Does what somebody does about payments, and writes it down in the same transaction, with what it changed. */
export type RecordAct = <T>(
  tx: Transaction,
  act: { readonly subject: string; readonly look: () => Promise<Readonly<Record<string, string | number>>> },
  work: () => Promise<T>,
) => Promise<T>;

const PAID = 1;
const UNIQUE_STEP = "0002-one-pay-per-order";
/** The columns of go-zero-mall, which is all that there is before the table is taken over. */
const COLUMNS = "id, uid, oid, amount, source, status, create_time, update_time";
const TABLE = `CREATE TABLE IF NOT EXISTS pay_merged (
  id bigint unsigned NOT NULL PRIMARY KEY,
  uid bigint unsigned NOT NULL,
  oid bigint unsigned NOT NULL,
  amount int unsigned NOT NULL,
  source tinyint unsigned NOT NULL,
  status tinyint unsigned NOT NULL,
  create_time timestamp NULL,
  update_time timestamp NULL,
  kept_id bigint unsigned NOT NULL,
  KEY idx_oid (oid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`;

/** Orders with several payments, by their ids; none where there is no such table, or its index forbids them. */
export async function findDoublePayments(database: Database): Promise<DoublePaid[]> {
  if (database.dialect !== "mysql" || !(await hasTable(database, "pay"))) return [];
  const sql =
    `SELECT ${COLUMNS} FROM pay WHERE oid IN ` +
    "(SELECT oid FROM (SELECT oid FROM pay GROUP BY oid HAVING COUNT(*) > 1) AS twice) ORDER BY oid, id";
  const rows = await database.read({ sql, parameters: [] });
  const byOrder = Map.groupBy(rows, ({ oid }) => Number(oid));
  return [...byOrder].flatMap(([oid, found]) => {
    const payments = found.map((row) => ({
      id: Number(row.id),
      uid: Number(row.uid),
      amount: Number(row.amount),
      status: Number(row.status),
      createTime: String(row.create_time),
    }));
    const keep = payments.find(({ status }) => status === PAID) ?? payments[0];
    return keep === undefined ? [] : [{ oid, keep, move: payments.filter(({ id }) => id !== keep.id) }];
  });
}

/**
 * Moves all but one payment of each order to `pay_merged`, each order in a transaction; run again it does the rest. An
 * order that somebody changes meanwhile is left for the next look.
 */
export async function mergeDoublePayments(
  database: Database,
  record: RecordAct,
  tell: (double: DoublePaid) => void,
): Promise<void> {
  for (let doubles = await findDoublePayments(database); doubles.length > 0; ) {
    await database.write({ sql: TABLE, parameters: [] });
    for (const double of doubles) {
      const isMoved = await database.transaction((tx) => {
        const look = async () => ({ paymentsOfOrder: (await lockPaymentsOf(tx, double.oid)).ids });
        return record(tx, { subject: `pay/${double.keep.id}`, look }, () => moveAway(tx, double));
      });
      if (isMoved) tell(double);
    }
    doubles = await findDoublePayments(database);
  }
}

async function moveAway(tx: Transaction, { oid, keep, move }: DoublePaid): Promise<boolean> {
  // What was planned must still be so: a payment may have been paid meanwhile.
  const planned = [keep, ...move].map(({ id, status }) => `${id} ${status}`).toSorted();
  if (planned.join() !== (await lockPaymentsOf(tx, oid)).states) return false;
  for (const { id } of move) {
    const copy = `INSERT INTO pay_merged (${COLUMNS}, kept_id) SELECT ${COLUMNS}, ? FROM pay WHERE id = ?`;
    await tx.write({ sql: copy, parameters: [keep.id, id] });
    await tx.write({ sql: "DELETE FROM pay WHERE id = ?", parameters: [id] });
  }
  return true;
}

/** The payments of an order: their ids, and each with its state. */
async function lockPaymentsOf(tx: Transaction, oid: number): Promise<{ ids: string; states: string }> {
  const lock = `SELECT id, status FROM pay WHERE oid = ? ORDER BY id FOR UPDATE`;
  const rows = await tx.read({ sql: lock, parameters: [oid] });
  const states = rows.map(({ id, status }) => `${Number(id)} ${Number(status)}`).toSorted();
  return { ids: rows.map(({ id }) => Number(id)).join(", "), states: states.join() };
}

/**
 * Puts the payments that were moved away back where they were, for a Go mall; the processes of this one refuse the
 * table then, until it is migrated again.
 *
 * @returns how many came back.
 */
export async function undoMerge(database: Database, record: RecordAct): Promise<number> {
  if (!(await hasTable(database, "pay_merged"))) return 0;
  const [index] = await database.read({
    sql:
      "SELECT COUNT(*) AS n FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() " +
      "AND TABLE_NAME = 'pay' AND INDEX_NAME = 'idx_oid_unique'",
    parameters: [],
  });
  if (Number(index?.n) > 0) {
    await database.write({
      sql: "DELETE FROM pay_migration WHERE name = ?",
      parameters: [UNIQUE_STEP],
    });
    await database.write({
      sql: "ALTER TABLE pay ADD KEY idx_oid (oid), DROP KEY idx_oid_unique",
      parameters: [],
    });
  }
  return database.transaction((tx) => {
    const look = async () => {
      const [row] = await tx.read({ sql: "SELECT COUNT(*) AS n FROM pay_merged FOR UPDATE", parameters: [] });
      return { paymentsMerged: Number(row?.n) };
    };
    return record(tx, { subject: "pay/merged", look }, async () => {
      const back = `INSERT INTO pay (${COLUMNS}) SELECT ${COLUMNS} FROM pay_merged`;
      const { changes } = await tx.write({ sql: back, parameters: [] });
      await tx.write({ sql: "DELETE FROM pay_merged", parameters: [] });
      return changes;
    });
  });
}

async function hasTable(database: Database, name: string): Promise<boolean> {
  return (await database.query.introspection.getTables()).some((table) => table.name === name);
}
