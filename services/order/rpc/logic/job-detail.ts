import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { Job, JobDetailRequest } from "../gen/order.ts";

/** One job with its payload. */
export function jobDetail(
  { serviceJobs }: Pick<ServiceContext, "serviceJobs">,
  _call: Call,
  request: JobDetailRequest,
): Promise<Job> {
  return serviceJobs.detail(request);
}
