import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { RemoveRequest, RemoveResponse } from "../gen/types.ts";
import { changeVisible } from "../visible-order.ts";

/**
 * Removes the caller's own unpaid or cancelled order; staff may remove anybody's.
 *
 * @throws AppError NOT_FOUND ORDER_NOT_FOUND, also for somebody else's order; ABORTED ORDER_STATE_CONFLICT.
 */
export async function remove(
  context: ServiceContext,
  call: Call,
  request: RemoveRequest,
): Promise<RemoveResponse> {
  return changeVisible(context, call, request.id, (own) => context.orderRpc.remove(own, request));
}
