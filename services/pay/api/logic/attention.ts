import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { AttentionRequest, AttentionResponse } from "../gen/types.ts";

/**
 * What needs a person.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED for anybody but staff.
 */
export async function attention(
  { payRpc }: ServiceContext,
  call: Call,
  { kind, limit = 0 }: AttentionRequest,
): Promise<AttentionResponse> {
  requireRole(call, ROLE.staff, ROLE.admin);
  return payRpc.attention(call, { kind: kind ?? "", limit });
}
