import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { UpdateRequest, UpdateResponse } from "../gen/types.ts";

/**
 * Changes a product, as the rpc's update.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED for anybody but staff.
 */
export async function update(
  context: ServiceContext,
  call: Call,
  request: UpdateRequest,
): Promise<UpdateResponse> {
  requireRole(call, ROLE.staff, ROLE.admin);
  return context.productRpc.update(call, guarded(request));
}

/**
 * A form sends back every field it was loaded with, which must not undo sales, or changes of price or shelf made since.
 * So a stock without an expected value is taken to be the stored one, unchanged, and so are price and status among
 * other fields; a price or status by itself is a change. This is done here and not in the rpc, because go-zero-mall's
 * order service takes pieces by writing back all fields that it has read.
 */
function guarded(request: UpdateRequest): UpdateRequest {
  const { name, desc, stock, amount, status } = request;
  const isForm = [name, desc, amount, status].filter((value) => value !== undefined).length > 1;
  const { expectedStock = stock, expectedAmount = amount, expectedStatus = status } = request;
  return { ...request, expectedStock, ...(isForm && { expectedAmount, expectedStatus }) };
}
