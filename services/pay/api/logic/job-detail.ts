import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { Job, JobDetailRequest } from "../gen/types.ts";

/**
 * One job with its payload. For staff.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED for anybody but staff; NOT_FOUND JOB_NOT_FOUND.
 */
export async function jobDetail(
  context: ServiceContext,
  call: Call,
  request: JobDetailRequest,
): Promise<Job> {
  requireRole(call, ROLE.staff, ROLE.admin);
  return context.payRpc.jobDetail(call, request);
}
