import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { RefundSearchRequest, RefundSearchResponse } from "../gen/types.ts";

/**
 * Refunds by number and by filters.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED for anybody but staff; INVALID_ARGUMENT as the rpc's refundSearch.
 */
export async function refundSearch(
  { payRpc }: ServiceContext,
  call: Call,
  { text = "", cause, channel = "", before = 0, limit = 0, ...filters }: RefundSearchRequest,
): Promise<RefundSearchResponse> {
  requireRole(call, ROLE.staff, ROLE.admin);
  return payRpc.refundSearch(call, { ...filters, text, cause: cause ?? "", channel, before, limit });
}
