import type { JobQueue } from "@mall/kit/jobs";
import type { ServiceContext } from "../context.ts";
import { closeAttempt } from "./close-attempt.ts";
import { expire } from "./expire.ts";
import { notify } from "./notify.ts";
import { orderCancel } from "./order-cancel.ts";
import { orderPaid } from "./order-paid.ts";
import { orderRefunded } from "./order-refunded.ts";
import {
  type AttemptPayload,
  type NotifyPayload,
  PAY_JOB,
  type PayPayload,
  type RefundPayload,
} from "./pay-jobs.ts";
import { queryAttempt } from "./query-attempt.ts";
import { refund } from "./refund.ts";

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
  queue.handle(PAY_JOB.expire, (call) => expire(context, call));
}
