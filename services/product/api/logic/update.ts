import { type Call, ROLE, requireRole } from "@mall/kit/context";
import type { ServiceContext } from "../context.ts";
import type { UpdateRequest, UpdateResponse } from "../gen/types.ts";

/** For staff: see the rpc's update. */
export async function update(
  context: ServiceContext,
  call: Call,
  request: UpdateRequest,
): Promise<UpdateResponse> {
  requireRole(call, ROLE.staff, ROLE.admin);
  return context.productRpc.update(call, request);
}
