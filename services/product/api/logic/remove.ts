import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { RemoveRequest, RemoveResponse } from "../gen/types.ts";

/** For staff: see the rpc's remove. */
export async function remove(
  context: ServiceContext,
  call: Call,
  request: RemoveRequest,
): Promise<RemoveResponse> {
  requireRole(call, ROLE.staff, ROLE.admin);
  return context.productRpc.remove(call, request);
}
