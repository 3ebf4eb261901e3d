import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { DetailRequest, DetailResponse } from "../gen/types.ts";
import { visibleOrder } from "../visible-order.ts";

/**
 * One order, for its owner and for staff.
 *
 * @throws AppError NOT_FOUND ORDER_NOT_FOUND, also for somebody else's order.
 */
export function detail(context: ServiceContext, call: Call, request: DetailRequest): Promise<DetailResponse> {
  return visibleOrder(context, call, request.id);
}
