import { callerOf, ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { RefundDetailResponse, RefundRequest } from "../gen/types.ts";

/**
 * Refunds a payment or a part of it, in the name of the caller.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED for anybody but staff; else as the rpc's refund.
 */
export async function refund(
  context: ServiceContext,
  call: Call,
  { reason = "", ...request }: RefundRequest,
): Promise<RefundDetailResponse> {
  requireRole(call, ROLE.staff, ROLE.admin);
  return context.payRpc.refund(call, { ...request, reason, requestedBy: callerOf(call).uid });
}
