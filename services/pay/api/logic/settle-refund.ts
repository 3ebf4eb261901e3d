import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { SettleRefundRequest, SettleRefundResponse } from "../gen/types.ts";

/**
 * Reports the outcome of a refund that is made by hand.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED for anybody but staff; else as the rpc's settleRefund.
 */
export async function settleRefund(
  context: ServiceContext,
  call: Call,
  request: SettleRefundRequest,
): Promise<SettleRefundResponse> {
  requireRole(call, ROLE.staff, ROLE.admin);
  return context.payRpc.settleRefund(call, request);
}
