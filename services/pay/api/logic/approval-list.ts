import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { Approval, ApprovalListRequest } from "../gen/types.ts";

/**
 * A page of what waits for a second person, or waited.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED for anybody but staff.
 */
export async function approvalList(
  { payRpc }: ServiceContext,
  call: Call,
  { id, status, before = 0, limit = 0 }: ApprovalListRequest,
): Promise<Approval[]> {
  requireRole(call, ROLE.staff, ROLE.admin);
  return (await payRpc.approvalList(call, { id, status, before, limit })).data;
}
