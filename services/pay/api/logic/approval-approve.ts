import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { Approval, ApprovalApproveRequest } from "../gen/types.ts";

/**
 * Has done what somebody else among the staff wants done.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED for anybody but staff; else as the rpc's approvalApprove.
 */
export async function approvalApprove(
  { payRpc }: ServiceContext,
  call: Call,
  request: ApprovalApproveRequest,
): Promise<Approval> {
  requireRole(call, ROLE.staff, ROLE.admin);
  return payRpc.approvalApprove(call, request);
}
