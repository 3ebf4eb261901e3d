import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { JobRetryRequest, JobRetryResponse } from "../gen/order.ts";

/** Makes a job due now, as if it had never failed. */
export function jobRetry(
  { serviceJobs }: Pick<ServiceContext, "serviceJobs">,
  call: Call,
  request: JobRetryRequest,
): Promise<JobRetryResponse> {
  return serviceJobs.retry(call, request);
}
