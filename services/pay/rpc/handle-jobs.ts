import type { JobQueue } from "@mall/kit/jobs";
import { queryAttempt } from "../attempt/query-attempt.ts";
import { closeAttempt } from "../attempt/shut-open.ts";
import { notify } from "../inbox/notifications.ts";
import { expire } from "../intent/expire.ts";
import { orderCancel, orderRefunded } from "../orders/order-ended.ts";
import { orderPaid } from "../orders/order-paid.ts";
import { lateFee } from "../receipt/late-fee.ts";
import { refund } from "../refund/pursue-refund.ts";
import type { ServiceContext } from "./context.ts";
import {
  type AttemptPayload,
  laneOf,
  type NotifyPayload,
  PAY_JOB,
  type PayPayload,
  type RefundPayload,
} from "./pay-jobs.ts";

/** Registers the handlers of jobs; those that ask channels for each of the accounts that have places of their own. */
export function handleJobs(context: ServiceContext, queue: JobQueue, accounts: ReadonlySet<string>): void {
  queue.handle<PayPayload>(
    PAY_JOB.orderPaid,
    (call, payload, job) => orderPaid(context, call, payload, job),
    {
      isInternal: true,
    },
  );
  queue.handle<PayPayload>(PAY_JOB.orderCancel, (call, payload) => orderCancel(context, call, payload));
  queue.handle<PayPayload>(PAY_JOB.orderRefunded, (call, payload) => orderRefunded(context, call, payload));
  queue.handle(PAY_JOB.expire, expire(context));
  for (const account of [undefined, ...accounts]) handleAsking(context, queue, account);
}

function handleAsking(context: ServiceContext, queue: JobQueue, account: string | undefined): void {
  queue.handle<AttemptPayload>(laneOf(PAY_JOB.queryAttempt, account), (call, payload) =>
    queryAttempt(context, call, payload),
  );
  queue.handle<AttemptPayload>(laneOf(PAY_JOB.closeAttempt, account), (call, payload) =>
    closeAttempt(context, call, payload),
  );
  queue.handle<RefundPayload>(laneOf(PAY_JOB.refund, account), (call, payload, job) =>
    refund(context, call, payload, job),
  );
  queue.handle<AttemptPayload>(laneOf(PAY_JOB.lateFee, account), (call, payload, job) =>
    lateFee(context, call, payload, job),
  );
  queue.handle<NotifyPayload>(laneOf(PAY_JOB.notify, account), (call, payload) =>
    notify(context, call, payload),
  );
}
