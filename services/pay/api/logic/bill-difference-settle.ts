import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { BillDifference, BillDifferenceSettleRequest } from "../gen/types.ts";

/**
 * Writes down what came of a difference between a bill and the payments.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED for anybody but staff; NOT_FOUND BILL_DIFFERENCE_NOT_FOUND.
 */
export async function billDifferenceSettle(
  { payRpc }: ServiceContext,
  call: Call,
  request: BillDifferenceSettleRequest,
): Promise<BillDifference> {
  requireRole(call, ROLE.staff, ROLE.admin);
  return payRpc.billDifferenceSettle(call, request);
}
