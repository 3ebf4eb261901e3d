import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { JobListRequest, JobListResponse } from "../gen/order.ts";

/** Jobs of this service, the newest first. */
export function jobList(
  { serviceJobs }: Pick<ServiceContext, "serviceJobs">,
  _call: Call,
  request: JobListRequest,
): Promise<JobListResponse> {
  return serviceJobs.list(request);
}
