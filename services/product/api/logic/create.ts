import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { CreateRequest, CreateResponse } from "../gen/types.ts";

/** For staff: see the rpc's create. */
export async function create(
  context: ServiceContext,
  call: Call,
  request: CreateRequest,
): Promise<CreateResponse> {
  requireRole(call, ROLE.staff, ROLE.admin);
  return context.productRpc.create(call, request);
}
