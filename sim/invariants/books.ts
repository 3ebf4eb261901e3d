import type { MallFiles } from "../nodes/index.ts";

export interface ProductRow {
  readonly id: number;
  readonly stock: number;
}

export interface OrderRow {
  readonly id: number;
  readonly uid: number;
  readonly pid: number;
  readonly amount: number;
  readonly status: number;
}

export interface PayRow {
  readonly id: number;
  readonly uid: number;
  readonly oid: number;
  readonly amount: number;
  readonly currency: string;
  readonly source: number;
  readonly status: number;
  readonly refunded: number;
  readonly refunding: number;
}

export interface AttemptRow {
  readonly id: number;
  readonly payId: number;
  readonly outTradeNo: string;
  readonly channel: string;
  readonly tradeNo: string;
  readonly amount: number;
  readonly currency: string;
  readonly received: number;
  readonly receivedCurrency: string;
  readonly fee: number;
  /** Told after the receipt; null: not, or not yet. */
  readonly lateFee: number | null;
  readonly state: number;
}

export interface RefundRow {
  readonly id: number;
  readonly refundNo: string;
  readonly payId: number;
  readonly attemptId: number;
  readonly amount: number;
  readonly cause: string;
  readonly state: number;
}

export interface DisputeMoveRow {
  readonly attemptId: number;
  readonly channel: string;
  readonly moveNo: string;
  readonly amount: number;
  readonly fee: number;
  readonly currency: string;
}

export interface LedgerRow {
  readonly id: number;
  readonly txn: string;
  readonly account: string;
  readonly debit: number;
  readonly credit: number;
  readonly currency: string;
  readonly payId: number;
}

/** What waits for a second person, or waited. */
export interface ApprovalRow {
  readonly id: number;
  readonly payId: number;
  readonly act: string;
  readonly refundNo: string;
  readonly amount: number;
  readonly state: number;
  readonly requestedBy: string;
  readonly decidedBy: string;
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}

/** What the databases hold, as committed. */
export interface Books {
  readonly products: readonly ProductRow[];
  readonly orders: readonly OrderRow[];
  readonly pays: readonly PayRow[];
  readonly attempts: readonly AttemptRow[];
  readonly refunds: readonly RefundRow[];
  readonly disputeMoves: readonly DisputeMoveRow[];
  readonly ledger: readonly LedgerRow[];
  readonly approvals: readonly ApprovalRow[];
  /** The numbers of channels' events. */
  readonly events: ReadonlySet<string>;
}

/** What reads them, in the words of SQLite. */
export const BOOKS_SQL = {
  products: "SELECT id, stock FROM product ORDER BY id",
  orders: 'SELECT id, uid, pid, amount, status FROM "order" ORDER BY id',
  pays: `SELECT id, uid, oid, amount, currency, source, status, refunded_amount AS refunded,
    refunding_amount AS refunding FROM pay ORDER BY id`,
  attempts: `SELECT id, pay_id AS payId, out_trade_no AS outTradeNo, channel, channel_trade_no AS tradeNo, amount,
    currency, received_amount AS received, received_currency AS receivedCurrency,
    fee, late_fee AS lateFee, state
    FROM pay_attempt ORDER BY id`,
  refunds: `SELECT id, refund_no AS refundNo, pay_id AS payId, attempt_id AS attemptId, amount, cause, state
    FROM pay_refund ORDER BY id`,
  disputeMoves: `SELECT attempt_id AS attemptId, channel, move_no AS moveNo, amount, fee, currency
    FROM pay_dispute_move ORDER BY id`,
  ledger: `SELECT id, txn_key AS txn, account, debit, credit, currency, pay_id AS payId
    FROM ledger_entry ORDER BY id`,
  approvals: `SELECT id, pay_id AS payId, act, refund_no AS refundNo, amount, state, requested_by AS requestedBy,
    decided_by AS decidedBy, expires_at AS expiresAt FROM pay_approval ORDER BY id`,
  events: "SELECT event_key AS event FROM pay_notify",
};

/** Reads the databases of a mall past its code; only those again that have changed. */
export class BookReader {
  readonly #files: MallFiles;
  #products = { commits: -1, products: [] as readonly ProductRow[] };
  #orders = { commits: -1, orders: [] as readonly OrderRow[] };
  #money = { commits: -1, ...NO_MONEY };

  constructor(files: MallFiles) {
    this.#files = files;
  }

  /** Commits so far: the books are the same as long as this is. */
  get version(): number {
    return Object.values(this.#files).reduce((sum, file) => sum + file.commits, 0);
  }

  read(): Books {
    const { product, order, pay } = this.#files;
    if (this.#products.commits !== product.commits) {
      this.#products = { commits: product.commits, products: product.read<ProductRow>(BOOKS_SQL.products) };
    }
    if (this.#orders.commits !== order.commits) {
      this.#orders = { commits: order.commits, orders: order.read<OrderRow>(BOOKS_SQL.orders) };
    }
    if (this.#money.commits !== pay.commits) this.#money = { commits: pay.commits, ...readMoney(pay) };
    const { commits: _, ...money } = this.#money;
    const { products } = this.#products;
    const { orders } = this.#orders;
    return { products, orders, ...money };
  }
}

type Money = Omit<Books, "products" | "orders">;

const NO_MONEY: Money = {
  ...{ pays: [], attempts: [], refunds: [], disputeMoves: [], ledger: [], approvals: [] },
  events: new Set(),
};

function readMoney(pay: MallFiles["pay"]): Money {
  return {
    pays: pay.read<PayRow>(BOOKS_SQL.pays),
    attempts: pay.read<AttemptRow>(BOOKS_SQL.attempts),
    refunds: pay.read<RefundRow>(BOOKS_SQL.refunds),
    disputeMoves: pay.read<DisputeMoveRow>(BOOKS_SQL.disputeMoves),
    ledger: pay.read<LedgerRow>(BOOKS_SQL.ledger),
    approvals: pay.read<ApprovalRow>(BOOKS_SQL.approvals),
    events: new Set(pay.read<{ event: string }>(BOOKS_SQL.events).map(({ event }) => event)),
  };
}
