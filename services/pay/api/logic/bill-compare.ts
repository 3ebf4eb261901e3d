import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { Bill, BillCompareRequest } from "../gen/types.ts";

/**
 * Has the bill of a day compared again.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED for anybody but staff; NOT_FOUND BILL_NOT_FOUND.
 */
export async function billCompare(
  { payRpc }: ServiceContext,
  call: Call,
  request: BillCompareRequest,
): Promise<Bill> {
  requireRole(call, ROLE.staff, ROLE.admin);
  return payRpc.billCompare(call, request);
}
