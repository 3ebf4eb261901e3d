import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { ServiceContext } from "../context.ts";
import type { NotifyDetailRequest, NotifyDetailResponse } from "../gen/types.ts";

/**
 * All of a stored notification.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED for anybody but staff; NOT_FOUND NOTIFY_NOT_FOUND.
 */
export async function notifyDetail(
  { payRpc }: ServiceContext,
  call: Call,
  request: NotifyDetailRequest,
): Promise<NotifyDetailResponse> {
  requireRole(call, ROLE.staff, ROLE.admin);
  const { notify, headers, body } = await payRpc.notifyDetail(call, request);
  if (notify === undefined)
    throw new AppError("INTERNAL", "NOTIFY_EMPTY", "the pay rpc told no notification");
  return { notify, headers, body: Buffer.from(body).toString("base64") };
}
