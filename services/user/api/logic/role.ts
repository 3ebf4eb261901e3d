import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { RoleRequest, RoleResponse } from "../gen/types.ts";

/**
 * Gives a user a role, or takes it away; for admins.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED for anybody but admins; as the rpc's role.
 */
export async function role(context: ServiceContext, call: Call, request: RoleRequest): Promise<RoleResponse> {
  requireRole(call, ROLE.admin);
  const { notBefore } = await context.userRpc.role(call, request);
  // Tokens of before are refused here at once, elsewhere within seconds.
  if (notBefore > 0) context.revocations.learn({ id: request.id, notBefore });
  return {};
}
