import { type JobQueue, type JobTicket, LANE_MARK } from "@mall/kit/jobs";
import type { RowTransaction } from "@mall/kit/store";

/** Kinds of the pay service's jobs, as operators see them. */
export const PAY_JOB = {
  orderPaid: "pay.order-paid",
  orderCancel: "pay.order-cancel",
  queryAttempt: "pay.query-attempt",
  closeAttempt: "pay.close-attempt",
  refund: "pay.refund",
  orderRefunded: "pay.order-refunded",
  notify: "pay.notify",
  expire: "pay.expire",
  lateFee: "pay.late-fee",
  addHoursUp: "pay.statistics",
  bills: "pay.bills",
  compareBill: "pay.compare-bill",
} as const;

/** The payload of a job about a payment. A type alias, since a job's payload is JSON. */
export type PayPayload = {
  readonly payId: number;
  /** What it is done once more for. */
  readonly after?: Occasion;
};

export type AttemptPayload = { readonly attemptId: number };

export type RefundPayload = { readonly refundId: number };

export type BillPayload = { readonly billId: number };

/** A dispute of a trade, and one that is over. */
export type Dispute = "dispute" | "disputed";

/** What a channel's notification is about; its amounts and states are hints, and asked for anew. */
export type NotifySubject = {
  readonly channel: string;
  /** Empty where it was not kept. */
  readonly kind: "trade" | "refund" | Dispute | "";
  /** Number of the trade or refund; of a dispute the channel's own number of the trade, or ours. */
  readonly subject: string;
  /** The channel's own number of a dispute; empty where it was not kept. */
  readonly disputeNo?: string;
};

/** One that names no subject has it in its row. */
export type NotifyPayload = { readonly notifyId: number } & Partial<NotifySubject>;

/**
 * A later decision after which an order is informed once more. It is part of the job's key, since the key of the
 * first job stays taken.
 */
export type Occasion = `refund-${number}` | `held-${number}` | `success-${number}`;

/** When an attempt is asked about for the first time, milliseconds after it was opened. */
const FIRST_QUERY_MS = 5_000;

/** An attempt that a job is about. */
interface AttemptRef {
  readonly id: number;
  readonly channel: string;
}

/** The kinds of jobs that ask a channel. */
type AskingKind = (typeof PAY_JOB)[
  | "queryAttempt"
  | "closeAttempt"
  | "refund"
  | "notify"
  | "lateFee"
  | "compareBill"];

/**
 * A kind of jobs of one channel's account: with places of its own, so that a channel that does not answer holds no
 * other up. Those of no account, or of one that is not configured any more, have the kind's plain name.
 */
export function laneOf(kind: AskingKind, account: string | undefined): string {
  return account === undefined ? kind : `${kind}${LANE_MARK}${account}`;
}

/** A day's bill that is to be compared. */
interface BillRef {
  readonly id: number;
  readonly channel: string;
  /** How often somebody has asked for it. */
  readonly asked: number;
}

/** When a fee is asked for that did not come with the money, milliseconds after it. */
const FIRST_FEE_MS = 30_000;

/** What must follow a decision; each is enqueued in the transaction that decides. */
export interface PayJobs {
  /** The order learns that it is paid, or its money goes back; once more where a later decision asks for it. */
  orderPaid(tx: RowTransaction, payId: number, after?: Occasion): Promise<JobTicket>;
  /** The order of a closed payment is cancelled; once more where it is closed by a later decision. */
  orderCancel(tx: RowTransaction, payId: number, after?: Occasion): Promise<JobTicket>;
  /** An attempt is asked about until it is over. */
  queryAttempt(tx: RowTransaction, attempt: AttemptRef): Promise<JobTicket>;
  /** An attempt is closed at its channel, from `delayMs` on. */
  closeAttempt(tx: RowTransaction, attempt: AttemptRef, delayMs?: number): Promise<JobTicket>;
  /** A refund is made by its channel. */
  refund(tx: RowTransaction, refund: { readonly id: number; readonly channel: string }): Promise<JobTicket>;
  /** The fee of money that came without it is asked for. */
  lateFee(tx: RowTransaction, attempt: AttemptRef): Promise<JobTicket>;
  /** The order learns that all its money went back. */
  orderRefunded(tx: RowTransaction, payId: number): Promise<JobTicket>;
  /** What a channel said is acted on; once for each time that it is asked for. */
  notify(tx: RowTransaction, notify: NotifyPayload): Promise<JobTicket>;
  /** Payments at their end are looked for, for ever: one job for all processes. */
  expire(tx: RowTransaction): Promise<JobTicket>;
  /** Hours are added up for statistics, for ever: one job for all processes. */
  addHoursUp(tx: RowTransaction): Promise<JobTicket>;
  /** Bills that are made are looked for, for ever: one job for all processes. */
  bills(tx: RowTransaction): Promise<JobTicket>;
  /** A day's bill is compared with payments and refunds, from `delayMs` on; once for each time that it is asked for. */
  compareBill(tx: RowTransaction, bill: BillRef, delayMs?: number): Promise<JobTicket>;
}

/** The keys of all jobs about a payment, its attempts and its refunds; a notification's jobs have none. */
export function payJobKeys(
  payId: number,
  attemptIds: readonly number[],
  refundIds: readonly number[],
): string[] {
  const occasions: Occasion[] = [
    ...refundIds.map((id): Occasion => `refund-${id}`),
    ...attemptIds.flatMap((id): Occasion[] => [`held-${id}`, `success-${id}`]),
  ];
  return [
    ...[undefined, ...occasions].flatMap((after) => [
      keyAfter(`order-paid-${payId}`, after),
      keyAfter(`order-cancel-${payId}`, after),
    ]),
    `order-refunded-${payId}`,
    ...attemptIds.flatMap((id) => [`query-attempt-${id}`, `close-attempt-${id}`, `late-fee-${id}`]),
    ...refundIds.map((id) => `refund-${id}`),
  ];
}

/** @param accounts channels whose jobs have places of their own. */
export function createPayJobs(queue: JobQueue, accounts: ReadonlySet<string> = new Set()): PayJobs {
  const kindOf = (kind: AskingKind, channel: string | undefined): string =>
    laneOf(kind, channel !== undefined && accounts.has(channel) ? channel : undefined);
  const enqueueStanding = (tx: RowTransaction, kind: string): Promise<JobTicket> =>
    queue.enqueue(tx, { kind, key: kind, payload: {}, isStanding: true });
  return {
    orderPaid: (tx, payId, after) => {
      const key = keyAfter(`order-paid-${payId}`, after);
      const payload: PayPayload = { payId, ...(after !== undefined && { after }) };
      return queue.enqueue(tx, { kind: PAY_JOB.orderPaid, key, payload });
    },
    orderCancel: (tx, payId, after) => {
      const key = keyAfter(`order-cancel-${payId}`, after);
      return queue.enqueue(tx, { kind: PAY_JOB.orderCancel, key, payload: { payId } });
    },
    queryAttempt: (tx, { id, channel }) => {
      const kind = kindOf(PAY_JOB.queryAttempt, channel);
      const payload: AttemptPayload = { attemptId: id };
      return queue.enqueue(tx, { kind, key: `query-attempt-${id}`, payload, delayMs: FIRST_QUERY_MS });
    },
    closeAttempt: (tx, { id, channel }, delayMs = 0) => {
      const kind = kindOf(PAY_JOB.closeAttempt, channel);
      const payload: AttemptPayload = { attemptId: id };
      return queue.enqueue(tx, { kind, key: `close-attempt-${id}`, payload, delayMs });
    },
    refund: (tx, { id, channel }) => {
      const payload: RefundPayload = { refundId: id };
      return queue.enqueue(tx, { kind: kindOf(PAY_JOB.refund, channel), key: `refund-${id}`, payload });
    },
    lateFee: (tx, { id, channel }) => {
      const kind = kindOf(PAY_JOB.lateFee, channel);
      const payload: AttemptPayload = { attemptId: id };
      return queue.enqueue(tx, { kind, key: `late-fee-${id}`, payload, delayMs: FIRST_FEE_MS });
    },
    orderRefunded: (tx, payId) =>
      queue.enqueue(tx, { kind: PAY_JOB.orderRefunded, key: `order-refunded-${payId}`, payload: { payId } }),
    notify: (tx, payload) => queue.enqueue(tx, { kind: kindOf(PAY_JOB.notify, payload.channel), payload }),
    expire: (tx) => enqueueStanding(tx, PAY_JOB.expire),
    addHoursUp: (tx) => enqueueStanding(tx, PAY_JOB.addHoursUp),
    bills: (tx) => enqueueStanding(tx, PAY_JOB.bills),
    compareBill: (tx, { id, channel, asked }, delayMs = 0) => {
      const kind = kindOf(PAY_JOB.compareBill, channel);
      const payload: BillPayload = { billId: id };
      return queue.enqueue(tx, { kind, key: `compare-bill-${id}-${asked}`, payload, delayMs });
    },
  };
}

function keyAfter(key: string, after: Occasion | undefined): string {
  return after === undefined ? key : `${key}-after-${after}`;
}
