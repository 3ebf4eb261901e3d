import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { Bill, BillListRequest } from "../gen/types.ts";

/**
 * A page of the days whose bills are compared.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED for anybody but staff.
 */
export async function billList(
  { payRpc }: ServiceContext,
  call: Call,
  { channel = "", before = 0, limit = 0 }: BillListRequest,
): Promise<Bill[]> {
  requireRole(call, ROLE.staff, ROLE.admin);
  return (await payRpc.billList(call, { channel, before, limit })).data;
}
