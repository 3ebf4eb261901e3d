import type { Call } from "@mall/kit/context";
import type { ServiceContext } from "../context.ts";
import { orderNotFound } from "../errors.ts";
import type { DetailRequest, DetailResponse } from "../gen/order.ts";
import { orderMessage } from "../order-message.ts";

/** One order. */
export async function detail(
  context: ServiceContext,
  _call: Call,
  request: DetailRequest,
): Promise<DetailResponse> {
  const order = await context.orderModel.findLive(request.id);
  if (order === undefined) throw orderNotFound();
  return orderMessage(order);
}
