import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { ChannelAccount, ChannelsRequest } from "../gen/types.ts";

/**
 * The accounts at channels, without their secrets.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED for anybody but staff.
 */
export async function channels(
  { payRpc }: ServiceContext,
  call: Call,
  { ask = false }: ChannelsRequest,
): Promise<ChannelAccount[]> {
  requireRole(call, ROLE.staff, ROLE.admin);
  return (await payRpc.channels(call, { ask })).data;
}
