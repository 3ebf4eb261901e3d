import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { JobCancelRequest, JobCancelResponse } from "../gen/order.ts";

/** Gives a job up for good; what it should have done is then for people to do. */
export function jobCancel(
  { serviceJobs }: Pick<ServiceContext, "serviceJobs">,
  call: Call,
  request: JobCancelRequest,
): Promise<JobCancelResponse> {
  return serviceJobs.cancel(call, request);
}
