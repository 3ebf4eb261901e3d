import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { StockRequest, StockResponse } from "../gen/types.ts";

/**
 * Adds pieces to a product's stock, or takes some away; for staff.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED for anybody but staff; as the rpc's stock.
 */
export async function stock(
  context: ServiceContext,
  call: Call,
  request: StockRequest,
): Promise<StockResponse> {
  requireRole(call, ROLE.staff, ROLE.admin);
  return context.productRpc.stock(call, request);
}
