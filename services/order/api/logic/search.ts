import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { SearchRequest, SearchResponse } from "../gen/types.ts";

/**
 * Orders of all users, for staff.
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
  return context.orderRpc.search(call, { ...request, before, limit });
}
