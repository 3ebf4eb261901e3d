import { callerOf, ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { RefundDetailResponse, RefundRequest } from "../gen/types.ts";

/** Sends money of a payment back; for staff. */
export async function refund(
  context: ServiceContext,
  call: Call,
  { reason = "", ...request }: RefundRequest,
): Promise<RefundDetailResponse> {
  requireRole(call, ROLE.staff, ROLE.admin);
  return context.payRpc.refund(call, { ...request, reason, requestedBy: callerOf(call).uid });
}
