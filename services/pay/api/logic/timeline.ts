import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { ServiceContext } from "../context.ts";
import type { TimelineRequest, TimelineResponse } from "../gen/types.ts";

/** Everything that is known of one payment; for staff. */
export async function timeline(
  context: ServiceContext,
  call: Call,
  { id }: TimelineRequest,
): Promise<TimelineResponse> {
  requireRole(call, ROLE.staff, ROLE.admin);
  const { payment, events, isCut } = await context.payRpc.timeline(call, { id });
  if (payment === undefined)
    throw new AppError("INTERNAL", "TIMELINE_WITHOUT_PAYMENT", "the pay rpc told no payment");
  return { payment, events, isCut };
}
