import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { CreateRequest, CreateResponse } from "../gen/types.ts";

/**
 * Adds a product.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED for anybody but staff; INVALID_ARGUMENT for another status than 0,
 * 1.
 */
export async function create(
  context: ServiceContext,
  call: Call,
  request: CreateRequest,
): Promise<CreateResponse> {
  requireRole(call, ROLE.staff, ROLE.admin);
  return context.productRpc.create(call, request);
}
