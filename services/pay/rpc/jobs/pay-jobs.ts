import type { JobQueue, JobTicket } from "@mall/kit/jobs";
import type { Transaction } from "@mall/kit/store";

/** Kinds of the pay service's jobs, as operators see them. */
export const PAY_JOB = {
  orderPaid: "pay.order-paid",
} as const;

/** What a job about a payment is told. A type alias, since a job's payload is JSON. */
export type PayPayload = { readonly payId: number };

/** What must follow a decision; each is enqueued in the transaction that decides. */
export interface PayJobs {
  /** The order learns that it is paid, or its money goes back. */
  orderPaid(tx: Transaction, payId: number): Promise<JobTicket>;
}

export function createPayJobs(queue: JobQueue): PayJobs {
  return {
    orderPaid: (tx, payId) => {
      const payload: PayPayload = { payId };
      return queue.enqueue(tx, { kind: PAY_JOB.orderPaid, key: `order-paid-${payId}`, payload });
    },
  };
}
