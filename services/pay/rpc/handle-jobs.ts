import type { JobQueue } from "@mall/kit/jobs";
import { queryAttempt } from "../attempt/query-attempt.ts";
import { closeAttempt } from "../attempt/shut-open.ts";
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
  for (const account of [undefined, ...accounts]) handleAsking(context, queue, account);
}

function handleAsking(context: ServiceContext, queue: JobQueue, account: string | undefined): void {
  const lane = (kind: Parameters<typeof laneOf>[0]) => laneOf(kind, account);
  queue.handle<AttemptPayload>(lane(PAY_JOB.queryAttempt), queryAttempt.bind(undefined, context));
  queue.handle<AttemptPayload>(lane(PAY_JOB.closeAttempt), closeAttempt.bind(undefined, context));
  queue.handle<RefundPayload>(lane(PAY_JOB.refund), refund.bind(undefined, context));
  queue.handle<AttemptPayload>(lane(PAY_JOB.lateFee), lateFee.bind(undefined, context));
  queue.handle<NotifyPayload>(lane(PAY_JOB.notify), notify.bind(undefined, context));
}
