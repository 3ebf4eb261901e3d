import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { NotifyInfo, NotifyListRequest } from "../gen/types.ts";

/**
 * A page of what channels said.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED for anybody but staff.
 */
export async function notifyList(
  { payRpc }: ServiceContext,
  call: Call,
  { state, channel = "", subject = "", before = 0, limit = 0 }: NotifyListRequest,
): Promise<NotifyInfo[]> {
  requireRole(call, ROLE.staff, ROLE.admin);
  return (await payRpc.notifyList(call, { state, channel, subject, before, limit })).data;
}
