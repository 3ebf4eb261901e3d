import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { JobCancelRequest, JobCancelResponse } from "../gen/types.ts";

/**
 * Gives a job up for good; what it should have done is then for people to do. For admins.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED for anybody but admins; NOT_FOUND JOB_NOT_FOUND;
 * FAILED_PRECONDITION JOB_DONE, JOB_CANCELLED, or JOB_RUNNING while an attempt goes on.
 */
export async function jobCancel(
  context: ServiceContext,
  call: Call,
  request: JobCancelRequest,
): Promise<JobCancelResponse> {
  requireRole(call, ROLE.admin);
  return context.payRpc.jobCancel(call, request);
}
