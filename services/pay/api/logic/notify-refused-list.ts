import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { NotifyRefused, NotifyRefusedRequest } from "../gen/types.ts";

/**
 * A page of what was refused in channels' names.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED for anybody but staff.
 */
export async function notifyRefusedList(
  { payRpc }: ServiceContext,
  call: Call,
  { channel = "", before = 0, limit = 0 }: NotifyRefusedRequest,
): Promise<NotifyRefused[]> {
  requireRole(call, ROLE.staff, ROLE.admin);
  const { data } = await payRpc.notifyRefusedList(call, { channel, before, limit });
  return data.map(({ body, ...told }) => ({ ...told, body: Buffer.from(body).toString("base64") }));
}
