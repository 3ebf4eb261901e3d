import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { StatisticsRequest, StatisticsResponse } from "../gen/types.ts";

/**
 * What payments came to, by minute, hour or day.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED for anybody but staff; INVALID_ARGUMENT as the rpc's statistics.
 */
export async function statistics(
  { payRpc }: ServiceContext,
  call: Call,
  { utcOffset = 0, ...request }: StatisticsRequest,
): Promise<StatisticsResponse> {
  requireRole(call, ROLE.staff, ROLE.admin);
  return payRpc.statistics(call, { ...request, utcOffset });
}
