import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { RemoveRequest, RemoveResponse } from "../gen/types.ts";
import { changeVisible } from "../visible-order.ts";

/** Takes one's own unpaid or cancelled order away; staff may do it for anybody. */
export async function remove(
  context: ServiceContext,
  call: Call,
  request: RemoveRequest,
): Promise<RemoveResponse> {
  return changeVisible(context, call, request.id, (own) => context.orderRpc.remove(own, request));
}
