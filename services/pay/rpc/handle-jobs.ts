import type { JobQueue } from "@mall/kit/jobs";
import { closeAttempt } from "../attempt/close-attempt.ts";
import { queryAttempt } from "../attempt/query-attempt.ts";
import { notify } from "../inbox/act-on-notify.ts";
import { expire } from "../intent/expire.ts";
import { orderCancel, orderRefunded } from "../orders/order-ended.ts";
import { orderPaid } from "../orders/order-paid.ts";
import { refund } from "../refund/pursue-refund.ts";
import type { ServiceContext } from "./context.ts";
import {
  type AttemptPayload,
  type NotifyPayload,
  PAY_JOB,
  type PayPayload,
  type RefundPayload,
} from "./pay-jobs.ts";

/** Says how each kind of job is done. */
export function handleJobs(context: ServiceContext, queue: JobQueue): void {
  queue.handle<PayPayload>(
    PAY_JOB.orderPaid,
    (call, payload, job) => orderPaid(context, call, payload, job),
    {
      isInternal: true,
    },
  );
  queue.handle<PayPayload>(PAY_JOB.orderCancel, (call, payload) => orderCancel(context, call, payload));
  queue.handle<AttemptPayload>(PAY_JOB.queryAttempt, (call, payload) => queryAttempt(context, call, payload));
  queue.handle<AttemptPayload>(PAY_JOB.closeAttempt, (call, payload) => closeAttempt(context, call, payload));
  queue.handle<RefundPayload>(PAY_JOB.refund, (call, payload, job) => refund(context, call, payload, job));
  queue.handle<PayPayload>(PAY_JOB.orderRefunded, (call, payload) => orderRefunded(context, call, payload));
  queue.handle<NotifyPayload>(PAY_JOB.notify, (call, payload) => notify(context, call, payload));
  queue.handle(PAY_JOB.expire, expire(context));
}
