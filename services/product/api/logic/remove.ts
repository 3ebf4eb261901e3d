import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { RemoveRequest, RemoveResponse } from "../gen/types.ts";

/**
 * Removes a product.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED for anybody but staff; NOT_FOUND PRODUCT_NOT_FOUND.
 */
export async function remove(
  context: ServiceContext,
  call: Call,
  request: RemoveRequest,
): Promise<RemoveResponse> {
  requireRole(call, ROLE.staff, ROLE.admin);
  return context.productRpc.remove(call, request);
}
