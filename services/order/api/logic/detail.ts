import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { DetailRequest, DetailResponse } from "../gen/types.ts";
import { visibleOrder } from "../visible-order.ts";

/** One order, for its owner and for staff. */
export function detail(context: ServiceContext, call: Call, request: DetailRequest): Promise<DetailResponse> {
  return visibleOrder(context, call, request.id);
}
