import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { SettleRefundRequest, SettleRefundResponse } from "../gen/types.ts";

/** Says how a refund ended that was made by hand; for staff. */
export async function settleRefund(
  context: ServiceContext,
  call: Call,
  request: SettleRefundRequest,
): Promise<SettleRefundResponse> {
  requireRole(call, ROLE.staff, ROLE.admin);
  return context.payRpc.settleRefund(call, request);
}
