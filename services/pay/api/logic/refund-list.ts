import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { RefundDetailResponse, RefundListRequest } from "../gen/types.ts";

/**
 * A page of everybody's refunds, newest first.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED for anybody but staff.
 */
export async function refundList(
  context: ServiceContext,
  call: Call,
  { status, before = "", limit = 0 }: RefundListRequest,
): Promise<RefundDetailResponse[]> {
  requireRole(call, ROLE.staff, ROLE.admin);
  const { data } = await context.payRpc.refundList(call, { status, before, limit });
  return data;
}
