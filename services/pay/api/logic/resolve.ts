import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { ResolveRequest, ResolveResponse } from "../gen/types.ts";

/**
 * Decides what becomes of held money.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED for anybody but staff; else as the rpc's resolve.
 */
export async function resolve(
  context: ServiceContext,
  call: Call,
  request: ResolveRequest,
): Promise<ResolveResponse> {
  requireRole(call, ROLE.staff, ROLE.admin);
  return context.payRpc.resolve(call, request);
}
