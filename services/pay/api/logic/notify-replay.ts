import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { NotifyReplayRequest, NotifyReplayResponse } from "../gen/types.ts";

/**
 * Has a stored notification acted on again.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED for anybody but staff; NOT_FOUND NOTIFY_NOT_FOUND.
 */
export async function notifyReplay(
  { payRpc }: ServiceContext,
  call: Call,
  request: NotifyReplayRequest,
): Promise<NotifyReplayResponse> {
  requireRole(call, ROLE.staff, ROLE.admin);
  return payRpc.notifyReplay(call, request);
}
