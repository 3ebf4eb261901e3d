import type { Call } from "@mall/kit/call";
import { unixSeconds } from "@mall/kit/runtime";
import type { OrderRow } from "../../model/order-model.ts";
import type { ServiceContext } from "../context.ts";
import { orderNotFound } from "../errors.ts";
import type { DetailRequest, DetailResponse } from "../gen/order.ts";

/** One order, from the database or from a cached view. */
export async function detail(
  { orderModel }: { readonly orderModel: Pick<ServiceContext["orderModel"], "findLive"> },
  _call: Call,
  request: DetailRequest,
): Promise<DetailResponse> {
  const order = await orderModel.findLive(request.id);
  if (order === undefined) throw orderNotFound();
  return orderMessage(order);
}

/** An order as the contract describes it. */
export function orderMessage(order: OrderRow): DetailResponse {
  const { id, uid, pid, amount, status, num, expireTime } = order;
  return { id, uid, pid, amount, status, num, expireTime: unixSeconds(expireTime) };
}
