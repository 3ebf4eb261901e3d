import type { Cache } from "@mall/kit/cache";
import type { Database, RowTransaction, RowView, Transaction } from "@mall/kit/store";
import { OPEN_STATES } from "./attempt-state.ts";
import {
  createPayModelGen,
  createPayViewGen,
  type NewPayRow,
  type PayModelGen,
  type PayRow,
} from "./gen/pay-model.ts";
import { MAY_REFUND, PAY_STATUS, type PayMove, payMoved } from "./pay-state.ts";

export type { PayRow } from "./gen/pay-model.ts";

/** Which payments to list; what is left out does not matter. */
interface PayPage {
  readonly uid?: number | undefined;
  readonly status?: number | undefined;
  /** Only payments with a smaller id; 0 for the first page. */
  readonly before: number;
  readonly limit: number;
}

export interface PayModel extends PayModelGen {
  /**
   * Moves a payment out of the state it was read in; false where it or its amounts have changed meanwhile, another
   * attempt was begun, or it may not.
   */
  move(tx: RowTransaction, pay: PayRow, move: PayMove, changes?: Partial<NewPayRow>): Promise<boolean>;
  /** Payments, the newest first. */
  findPage(page: PayPage): Promise<PayRow[]>;
  /** How many payments are held, by reason. */
  countHeld(): Promise<ReadonlyMap<string, number>>;
  /** Ids of unpaid payments whose time is over at `now`, without those that an open attempt may still bring money. */
  findDue(now: Date, limit: number): Promise<number[]>;
  /** When the next unpaid payment after `now` ends; undefined where none does. */
  nextEnd(now: Date): Promise<Date | undefined>;
  /** Gives a payment that is still open another amount and end; false where it is not as it was read. */
  reprice(
    tx: RowTransaction,
    pay: PayRow,
    changes: Pick<NewPayRow, "amount" | "expireTime">,
  ): Promise<boolean>;
  /** Counts an attempt that begins; false where the payment is not as it was read. */
  countAttempt(tx: RowTransaction, pay: PayRow, changes?: Partial<NewPayRow>): Promise<boolean>;
  /** Changes what moves no payment; false where it is not as it was read. */
  change(tx: RowTransaction, pay: PayRow, changes: Partial<NewPayRow>): Promise<boolean>;
  /**
   * Sets aside `amount` of what came, `limit`, for a refund; false where the payment is not paid or less is left.
   */
  reserve(
    tx: Transaction,
    id: number,
    part: { readonly amount: number; readonly limit: number },
  ): Promise<boolean>;
}

const DUE =
  "SELECT id FROM pay WHERE status = ? AND expire_time <= ? AND NOT EXISTS " +
  "(SELECT 1 FROM pay_attempt WHERE pay_attempt.pay_id = pay.id AND pay_attempt.state IN (?, ?, ?)) " +
  "ORDER BY expire_time LIMIT ?";

/** The Go original looks payments up by order in code of its own, which keeps the row under `cache:pay:oid:`. */
const CACHED = { rowsUnder: ["idx_oid_unique"] };

/** Payments for questions. */
export function createPayView(database: Database, cache: Cache | undefined): RowView<PayRow> {
  return createPayViewGen(database, cache, CACHED);
}

export function createPayModel(database: Database, cache?: Cache): PayModel {
  const model = createPayModelGen(database, cache, CACHED);
  return {
    ...model,
    move: async (tx, pay, move, changes = {}) => {
      const status = payMoved(pay.status, move);
      if (status === undefined) return false;
      return model.update(pay.id, { ...changes, status }, { expect: asRead(pay), tx });
    },
    findPage: ({ uid, status, before, limit }) =>
      model.findMany((query) => {
        let chosen = query.orderBy("id", "desc").limit(limit);
        if (uid !== undefined) chosen = chosen.where("uid", "=", uid);
        if (status !== undefined) chosen = chosen.where("status", "=", status);
        return before > 0 ? chosen.where("id", "<", before) : chosen;
      }),
    countHeld: async () => {
      const sql = "SELECT held_reason, COUNT(*) AS held FROM pay WHERE status = ? GROUP BY held_reason";
      const rows = await database.read({ sql, parameters: [PAY_STATUS.held] });
      return new Map(rows.map((row) => [String(row.held_reason), Number(row.held)]));
    },
    findDue: async (now, limit) => {
      const end = database.times.toText(now);
      const parameters = [PAY_STATUS.created, end, ...OPEN_STATES, limit];
      const rows = await database.read({ sql: DUE, parameters });
      return rows.map(({ id }) => Number(id));
    },
    nextEnd: async (now) => {
      const [row] = await model.findMany((query) =>
        query
          .where("status", "=", PAY_STATUS.created)
          .where("expire_time", ">", now)
          .orderBy("expire_time")
          .limit(1),
      );
      return row?.expireTime ?? undefined;
    },
    reprice: (tx, pay, changes) =>
      model.update(pay.id, changes, { expect: { ...asRead(pay), status: PAY_STATUS.created }, tx }),
    countAttempt: (tx, pay, changes = {}) =>
      model.update(pay.id, { ...changes, attempts: pay.attempts + 1 }, { expect: asRead(pay), tx }),
    change: (tx, pay, changes) => model.update(pay.id, changes, { expect: asRead(pay), tx }),
    reserve: async (tx, id, { amount, limit }) => {
      const changed = await model.updateMany(
        [id],
        (query) =>
          query
            .set((eb) => ({ refunding_amount: eb("refunding_amount", "+", amount) }))
            .where("status", "in", MAY_REFUND)
            .where((eb) => eb(eb("refunded_amount", "+", eb("refunding_amount", "+", amount)), "<=", limit)),
        tx,
      );
      return changed > 0;
    },
  };
}

/**
 * What decisions about a payment rest on; and its order, which it keeps for good, so that the entries of the row in
 * the cache are known. They are made by who has locked its row; on a cluster, whose nodes know
 * nothing of each other's locks, by who changes it first.
 */
function asRead({ oid, status, amount, attempts, refundedAmount, refundingAmount }: PayRow): Partial<PayRow> {
  return { oid, status, amount, attempts, refundedAmount, refundingAmount };
}
