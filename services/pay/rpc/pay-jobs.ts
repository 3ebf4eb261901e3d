import type { JobQueue, JobTicket } from "@mall/kit/jobs";
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
} as const;

/** What a job about a payment is told. A type alias, since a job's payload is JSON. */
export type PayPayload = {
  readonly payId: number;
  /** What it is done once more for. */
  readonly after?: Occasion;
};

export type AttemptPayload = { readonly attemptId: number };

export type RefundPayload = { readonly refundId: number };

/** What a channel's notification is about; its amounts and states are hints, and asked for anew. */
export type NotifySubject = {
  readonly channel: string;
  /** Empty where it was not kept. */
  readonly kind: "trade" | "refund" | "";
  /** Number of the trade or refund. */
  readonly subject: string;
};

/** One that names no subject has it in its row. */
export type NotifyPayload = { readonly notifyId: number } & Partial<NotifySubject>;

/**
 * A later decision after which an order is to be told once more. It is part of the job's key, since the key of the
 * first job stays taken.
 */
export type Occasion = `refund-${number}` | `held-${number}` | `success-${number}`;

/** When an attempt is asked about for the first time, milliseconds after it was opened. */
const FIRST_QUERY_MS = 5_000;

/** What must follow a decision; each is enqueued in the transaction that decides. */
export interface PayJobs {
  /** The order learns that it is paid, or its money goes back; once more where a later decision asks for it. */
  orderPaid(tx: RowTransaction, payId: number, after?: Occasion): Promise<JobTicket>;
  /** The order of a closed payment is cancelled; once more where it is closed by a later decision. */
  orderCancel(tx: RowTransaction, payId: number, after?: Occasion): Promise<JobTicket>;
  /** An attempt is asked about until it is over. */
  queryAttempt(tx: RowTransaction, attemptId: number): Promise<JobTicket>;
  /** An attempt is closed at its channel, from `delayMs` on. */
  closeAttempt(tx: RowTransaction, attemptId: number, delayMs?: number): Promise<JobTicket>;
  /** A refund is made by its channel. */
  refund(tx: RowTransaction, refundId: number): Promise<JobTicket>;
  /** The order learns that all its money went back. */
  orderRefunded(tx: RowTransaction, payId: number): Promise<JobTicket>;
  /** What a channel said is acted on; once for each time that it is asked for. */
  notify(tx: RowTransaction, notify: NotifyPayload): Promise<JobTicket>;
  /** Payments at their end are looked for, for ever: one job for all processes. */
  expire(tx: RowTransaction): Promise<JobTicket>;
}

export function createPayJobs(queue: JobQueue): PayJobs {
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
    queryAttempt: (tx, attemptId) => {
      const key = `query-attempt-${attemptId}`;
      const payload: AttemptPayload = { attemptId };
      return queue.enqueue(tx, { kind: PAY_JOB.queryAttempt, key, payload, delayMs: FIRST_QUERY_MS });
    },
    closeAttempt: (tx, attemptId, delayMs = 0) => {
      const key = `close-attempt-${attemptId}`;
      const payload: AttemptPayload = { attemptId };
      return queue.enqueue(tx, { kind: PAY_JOB.closeAttempt, key, payload, delayMs });
    },
    refund: (tx, refundId) =>
      queue.enqueue(tx, { kind: PAY_JOB.refund, key: `refund-${refundId}`, payload: { refundId } }),
    orderRefunded: (tx, payId) =>
      queue.enqueue(tx, { kind: PAY_JOB.orderRefunded, key: `order-refunded-${payId}`, payload: { payId } }),
    notify: (tx, payload) => queue.enqueue(tx, { kind: PAY_JOB.notify, payload }),
    expire: (tx) => queue.enqueue(tx, { kind: PAY_JOB.expire, key: PAY_JOB.expire, payload: {} }),
  };
}

function keyAfter(key: string, after: Occasion | undefined): string {
  return after === undefined ? key : `${key}-after-${after}`;
}
