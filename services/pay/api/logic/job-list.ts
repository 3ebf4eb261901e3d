import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { JobListRequest, JobListResponse } from "../gen/types.ts";

/**
 * Jobs of this service, the newest first. For staff.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED for anybody but staff.
 */
export async function jobList(
  context: ServiceContext,
  call: Call,
  request: JobListRequest,
): Promise<JobListResponse> {
  requireRole(call, ROLE.staff, ROLE.admin);
  const { before = 0, limit = 0 } = request;
  return context.payRpc.jobList(call, { ...request, before, limit });
}
