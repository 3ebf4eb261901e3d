import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import { orderNotFound } from "../errors.ts";
import type { DetailRequest, DetailResponse } from "../gen/order.ts";
import { orderMessage } from "../order-message.ts";

/** One order, as the database or a view has it. */
export async function detail(
  { orderModel }: { readonly orderModel: Pick<ServiceContext["orderModel"], "findLive"> },
  _call: Call,
  request: DetailRequest,
): Promise<DetailResponse> {
  const order = await orderModel.findLive(request.id);
  if (order === undefined) throw orderNotFound();
  return orderMessage(order);
}
