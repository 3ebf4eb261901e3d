import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { SearchRequest, SearchResponse } from "../gen/types.ts";

/**
 * Accounts of all users, for staff; without anything of their passwords.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED for anybody but staff.
 */
export async function search(
  context: ServiceContext,
  call: Call,
  request: SearchRequest,
): Promise<SearchResponse> {
  requireRole(call, ROLE.staff, ROLE.admin);
  const { before = 0, limit = 0 } = request;
  return context.userRpc.search(call, { ...request, before, limit });
}
