import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { UpdateRequest, UpdateResponse } from "../gen/types.ts";

/** For staff: see the rpc's update. */
export async function update(
  context: ServiceContext,
  call: Call,
  request: UpdateRequest,
): Promise<UpdateResponse> {
  requireRole(call, ROLE.staff, ROLE.admin);
  return context.productRpc.update(call, guarded(request));
}

/**
 * What a form was loaded with must not come back: pieces that were sold since, a price or a shelf that somebody else
 * has changed. So a stock that expects nothing means that nobody wants to change it, and so are price and
 * status among other fields; each by itself says what is wanted. That stands here and not in the rpc, since a Go
 * order service takes pieces by writing all the fields that it has read.
 */
function guarded(request: UpdateRequest): UpdateRequest {
  const { name, desc, stock, amount, status } = request;
  const isForm = [name, desc, amount, status].filter((value) => value !== undefined).length > 1;
  const { expectedStock = stock, expectedAmount = amount, expectedStatus = status } = request;
  return { ...request, expectedStock, ...(isForm && { expectedAmount, expectedStatus }) };
}
