import type { JobQueue } from "@mall/kit/jobs";
import type { ServiceContext } from "../context.ts";
import { orderPaid } from "./order-paid.ts";
import { PAY_JOB, type PayPayload } from "./pay-jobs.ts";

/** Says how each kind of job is done. */
export function handleJobs(context: ServiceContext, queue: JobQueue): void {
  queue.handle<PayPayload>(PAY_JOB.orderPaid, (call, payload) => orderPaid(context, call, payload));
}
