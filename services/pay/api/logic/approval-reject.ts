import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { Approval, ApprovalRejectRequest } from "../gen/types.ts";

/**
 * Ends what waits for a second person, without doing it.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED for anybody but staff; else as the rpc's approvalReject.
 */
export async function approvalReject(
  { payRpc }: ServiceContext,
  call: Call,
  { id, reason = "" }: ApprovalRejectRequest,
): Promise<Approval> {
  requireRole(call, ROLE.staff, ROLE.admin);
  return payRpc.approvalReject(call, { id, reason });
}
