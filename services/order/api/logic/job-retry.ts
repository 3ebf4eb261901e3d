import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { JobRetryRequest, JobRetryResponse } from "../gen/types.ts";

/**
 * Makes a job due now, as if it had never failed. For staff.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED for anybody but staff; NOT_FOUND JOB_NOT_FOUND;
 * FAILED_PRECONDITION JOB_DONE, or JOB_RUNNING while an attempt goes on.
 */
export async function jobRetry(
  context: ServiceContext,
  call: Call,
  request: JobRetryRequest,
): Promise<JobRetryResponse> {
  requireRole(call, ROLE.staff, ROLE.admin);
  return context.orderRpc.jobRetry(call, request);
}
