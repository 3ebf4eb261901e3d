import { AppError } from "@mall/kit/errors";
import type { JobHandler, JobQueue, JsonObject, KindOptions } from "@mall/kit/jobs";
import { CHANNEL_GONE } from "../attempt/ask-attempt.ts";
import { queryAttempt } from "../attempt/query-attempt.ts";
import { closeAttempt } from "../attempt/shut-open.ts";
import { compareBill } from "../bills/compare-bill.ts";
import { findBills } from "../bills/find-bills.ts";
import { notify } from "../inbox/notifications.ts";
import { expire } from "../intent/expire.ts";
import { orderCancel, orderRefunded } from "../orders/order-ended.ts";
import { orderPaid } from "../orders/order-paid.ts";
import { lateFee } from "../receipt/late-fee.ts";
import { refund } from "../refund/pursue-refund.ts";
import { addHoursUp } from "../statistics/add-hours-up.ts";
import type { ServiceContext } from "./context.ts";
import {
  type AttemptPayload,
  type BillPayload,
  laneOf,
  type NotifyPayload,
  PAY_JOB,
  type PayPayload,
  type RefundPayload,
} from "./pay-jobs.ts";

/** Registers the handlers of jobs; those that ask channels for each of the accounts that have places of their own. */
export function handleJobs(context: ServiceContext, queue: JobQueue, accounts: ReadonlySet<string>): void {
  queue.handle<PayPayload>(PAY_JOB.orderPaid, orderPaid.bind(undefined, context), { isInternal: true });
  queue.handle<PayPayload>(PAY_JOB.orderCancel, orderCancel.bind(undefined, context));
  queue.handle<PayPayload>(PAY_JOB.orderRefunded, orderRefunded.bind(undefined, context));
  queue.handle(PAY_JOB.expire, expire(context));
  queue.handle(PAY_JOB.addHoursUp, addHoursUp(context));
  queue.handle(PAY_JOB.bills, findBills(context));
  for (const account of [undefined, ...accounts]) handleAsking(context, queue, account);
}

function handleAsking(context: ServiceContext, queue: JobQueue, account: string | undefined): void {
  const handle = <P extends JsonObject>(
    kind: Parameters<typeof laneOf>[0],
    handler: (context: ServiceContext, ...asked: Parameters<JobHandler<P>>) => ReturnType<JobHandler<P>>,
    options?: KindOptions,
  ): void =>
    queue.handle<P>(laneOf(kind, account), whileConfigured(handler.bind(undefined, context)), options);
  handle<AttemptPayload>(PAY_JOB.queryAttempt, queryAttempt);
  handle<AttemptPayload>(PAY_JOB.closeAttempt, closeAttempt);
  handle<RefundPayload>(PAY_JOB.refund, refund);
  handle<AttemptPayload>(PAY_JOB.lateFee, lateFee);
  handle<NotifyPayload>(PAY_JOB.notify, notify);
  handle<BillPayload>(PAY_JOB.compareBill, compareBill, { isLong: true });
}

/** When a job looks again whether its account has come back, milliseconds. */
const GONE_MS = 600_000;

/**
 * What is open at an account that was taken out of the configuration waits for it for as long as that takes, and is not
 * given up: money may have come there.
 */
function whileConfigured<P extends JsonObject>(handler: JobHandler<P>): JobHandler<P> {
  return async (call, payload, job) => {
    try {
      return (await handler(call, payload, job)) ?? undefined;
    } catch (error) {
      if (error instanceof AppError && error.reason === CHANNEL_GONE) return { again: GONE_MS };
      throw error;
    }
  };
}
