import { places, type RawRow, type Snapshot, type TimeText } from "@mall/kit/store";
import { ATTEMPT_STATE, isOpen } from "@mall/pay/model/attempt-state";
import { REFUND_STATE } from "@mall/pay/model/refund-state";
import type { MallDatabases, MallSnapshots } from "./mall-databases.ts";
import { numberIn, type OpenJob, openJobsAbout, openJobsByKey } from "./open-jobs.ts";

/** Jobs that tell an order what became of its payment, as `job.kind` has them. */
export const TELLING_JOBS = {
  paid: "pay.order-paid",
  cancel: "pay.order-cancel",
  refunded: "pay.order-refunded",
} as const;

export interface AttemptFacts {
  readonly id: number;
  readonly outTradeNo: string;
  readonly state: number;
  readonly amount: number;
  readonly currency: string;
  readonly received: number;
  readonly receivedCurrency: string;
  readonly expireTime: Date | undefined;
  readonly createTime: Date | undefined;
  /** Whether it may still bring money. */
  readonly isOpen: boolean;
  /** Whether somebody decided to keep money that did not match. */
  readonly isAccepted: boolean;
  /** Jobs that see to its end. */
  readonly jobs: readonly OpenJob[];
}

export interface RefundFacts {
  readonly id: number;
  readonly refundNo: string;
  readonly attemptId: number;
  readonly amount: number;
  readonly cause: string;
  readonly state: number;
  readonly createTime: Date | undefined;
  readonly job: OpenJob | undefined;
}

interface OrderFacts {
  readonly uid: number;
  readonly amount: number;
  readonly status: number;
}

/** A payment with all that is known of it in all databases. */
export interface PayFile {
  readonly id: number;
  readonly uid: number;
  readonly oid: number;
  readonly amount: number;
  readonly currency: string;
  readonly status: number;
  readonly expireTime: Date | undefined;
  /** When it was paid; a Go process writes none. */
  readonly paidTime: Date | undefined;
  readonly refunded: number;
  readonly refunding: number;
  readonly attempts: readonly AttemptFacts[];
  readonly refunds: readonly RefundFacts[];
  readonly order: OrderFacts | undefined;
  /** Open jobs that tell its order something. */
  readonly telling: readonly OpenJob[];
}

const PAYS =
  "SELECT id, uid, oid, amount, currency, status, expire_time AS expireTime, paid_time AS paidTime, " +
  "refunded_amount AS refunded, refunding_amount AS refunding FROM pay";

/** All payments, page by page. */
export const ALL_PAYS = { sql: `${PAYS} WHERE id > ?`, key: "id", from: 0 } as const;

const ATTEMPTS =
  "SELECT id, pay_id AS payId, out_trade_no AS outTradeNo, state, amount, currency, received_amount AS received, " +
  "received_currency AS receivedCurrency, expire_time AS expireTime, create_time AS createTime FROM pay_attempt";

const REFUNDS =
  "SELECT id, refund_no AS refundNo, pay_id AS payId, attempt_id AS attemptId, amount, cause, state, " +
  "create_time AS createTime FROM pay_refund";

const ASKED_STATES: readonly number[] = [REFUND_STATE.reserved, REFUND_STATE.processing];

/** The payments with these ids. */
export function readPays(snapshot: Snapshot, ids: readonly number[]): Promise<readonly RawRow[]> {
  return readIn(snapshot, `${PAYS} WHERE id IN`, ids);
}

/**
 * The files of payments whose rows were read. `isThorough`: with the jobs that tell orders, and decisions to keep
 * money; without, as if there were none.
 */
export async function readPayFiles(
  databases: Pick<MallDatabases, "pay">,
  snapshots: MallSnapshots,
  rows: readonly RawRow[],
  isThorough: boolean,
): Promise<PayFile[]> {
  const ids = rows.map(({ id }) => Number(id));
  const { times } = databases.pay;
  const ofPay = snapshots.pay;
  const attempts = await readIn(ofPay, `${ATTEMPTS} WHERE pay_id IN`, ids);
  const refunds = await readIn(ofPay, `${REFUNDS} WHERE pay_id IN`, ids);
  const watching = await openJobsByKey(ofPay, "pay", watchingKeys(attempts, refunds));
  const accepted = isThorough ? await acceptedAmong(ofPay, attempts) : new Set<number>();
  const telling = isThorough ? await tellingJobs(ofPay, ids) : new Map<number, OpenJob[]>();
  const orders = await readOrders(
    snapshots.order,
    rows.map(({ oid }) => Number(oid)),
  );
  const attemptsOf = Map.groupBy(attempts, ({ payId }) => Number(payId));
  const refundsOf = Map.groupBy(refunds, ({ payId }) => Number(payId));
  return rows.map((row) => {
    const id = Number(row.id);
    return {
      ...payFacts(row, times),
      attempts: (attemptsOf.get(id) ?? []).map((each) => attemptFacts(each, { times, watching, accepted })),
      refunds: (refundsOf.get(id) ?? []).map((each) => refundFacts(each, times, watching)),
      order: orders.get(Number(row.oid)),
      telling: telling.get(id) ?? [],
    };
  });
}

function payFacts(row: RawRow, times: TimeText) {
  return {
    id: Number(row.id),
    uid: Number(row.uid),
    oid: Number(row.oid),
    amount: Number(row.amount),
    currency: String(row.currency),
    status: Number(row.status),
    expireTime: toTime(row.expireTime, times),
    paidTime: toTime(row.paidTime, times),
    refunded: Number(row.refunded),
    refunding: Number(row.refunding),
  };
}

function attemptFacts(
  row: RawRow,
  { times, watching, accepted }: { times: TimeText; watching: Map<string, OpenJob>; accepted: Set<number> },
): AttemptFacts {
  const id = Number(row.id);
  const state = Number(row.state);
  return {
    id,
    outTradeNo: String(row.outTradeNo),
    state,
    amount: Number(row.amount),
    currency: String(row.currency),
    received: Number(row.received),
    receivedCurrency: String(row.receivedCurrency),
    expireTime: toTime(row.expireTime, times),
    createTime: toTime(row.createTime, times),
    isOpen: isOpen(state),
    isAccepted: accepted.has(id),
    jobs: attemptKeys(id).flatMap((key) => watching.get(key) ?? []),
  };
}

function refundFacts(row: RawRow, times: TimeText, watching: Map<string, OpenJob>): RefundFacts {
  const id = Number(row.id);
  return {
    id,
    refundNo: String(row.refundNo),
    attemptId: Number(row.attemptId),
    amount: Number(row.amount),
    cause: String(row.cause),
    state: Number(row.state),
    createTime: toTime(row.createTime, times),
    job: watching.get(refundKey(id)),
  };
}

/** The keys of the jobs that see to the end of what is open. */
function watchingKeys(attempts: readonly RawRow[], refunds: readonly RawRow[]): string[] {
  const open = attempts.filter(({ state }) => isOpen(Number(state)));
  const asked = refunds.filter(({ state }) => ASKED_STATES.includes(Number(state)));
  return [
    ...open.flatMap(({ id }) => attemptKeys(Number(id))),
    ...asked.map(({ id }) => refundKey(Number(id))),
  ];
}

function attemptKeys(id: number): string[] {
  return [`query-attempt-${id}`, `close-attempt-${id}`];
}

function refundKey(id: number): string {
  return `refund-${id}`;
}

async function acceptedAmong(snapshot: Snapshot, attempts: readonly RawRow[]): Promise<Set<number>> {
  const successes = attempts.filter(({ state }) => Number(state) === ATTEMPT_STATE.succeeded);
  const keys = successes.map(({ id }) => `accept:${id}`);
  const rows = await readIn(snapshot, "SELECT txn_key AS txnKey FROM ledger_entry WHERE txn_key IN", keys);
  return new Set(rows.map(({ txnKey }) => Number(String(txnKey).slice("accept:".length))));
}

function tellingJobs(snapshot: Snapshot, ids: readonly number[]): Promise<Map<number, OpenJob[]>> {
  const subjectOf = (payload: unknown) => numberIn(payload, "payId");
  const kinds = Object.values(TELLING_JOBS);
  return openJobsAbout(snapshot, { queue: "pay", kinds, subjectOf, about: new Set(ids) });
}

async function readOrders(snapshot: Snapshot, ids: readonly number[]): Promise<Map<number, OrderFacts>> {
  const rows = await readIn(snapshot, "SELECT id, uid, amount, status FROM `order` WHERE id IN", ids);
  return new Map(
    rows.map(({ id, uid, amount, status }) => [
      Number(id),
      { uid: Number(uid), amount: Number(amount), status: Number(status) },
    ]),
  );
}

/** Rows of a select that ends with `IN`. */
export async function readIn(
  snapshot: Snapshot,
  sql: string,
  values: readonly (string | number)[],
): Promise<readonly RawRow[]> {
  if (values.length === 0) return [];
  return snapshot.read({ sql: `${sql} (${places(values)})`, parameters: values });
}

/** A time column; undefined where it is NULL. */
export function toTime(text: unknown, times: TimeText): Date | undefined {
  return typeof text === "string" ? times.toDate(text) : undefined;
}
