import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { BillDifference, BillDifferenceListRequest } from "../gen/types.ts";

/**
 * A page of what bills and payments say differently.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED for anybody but staff.
 */
export async function billDifferenceList(
  { payRpc }: ServiceContext,
  call: Call,
  { billId, state, before = 0, limit = 0 }: BillDifferenceListRequest,
): Promise<BillDifference[]> {
  requireRole(call, ROLE.staff, ROLE.admin);
  return (await payRpc.billDifferenceList(call, { billId, state, before, limit })).data;
}
