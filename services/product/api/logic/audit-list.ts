import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { AuditListRequest, AuditListResponse } from "../gen/types.ts";

/**
 * What staff and operators did about rows of this service, for staff.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED for anybody but staff.
 */
export async function auditList(
  context: ServiceContext,
  call: Call,
  request: AuditListRequest,
): Promise<AuditListResponse> {
  requireRole(call, ROLE.staff, ROLE.admin);
  const { before = 0, limit = 0 } = request;
  return context.productRpc.auditList(call, { ...request, before, limit });
}
