import type { Call } from "@mall/kit/call";
import { instantOf, pageLimit } from "@mall/kit/rpc";
import { unixSeconds } from "@mall/kit/runtime";
import type { ServiceContext } from "../context.ts";
import type { SearchRequest, SearchResponse } from "../gen/order.ts";
import { orderMessage } from "./detail.ts";

/** A page of the orders of all users, newest first, without removed ones. */
export async function search(
  { orderModel }: Pick<ServiceContext, "orderModel">,
  _call: Call,
  { from, to, ...request }: SearchRequest,
): Promise<SearchResponse> {
  const limit = pageLimit(request.limit);
  const { rows, next } = await orderModel.search({
    ...request,
    limit,
    from: instantOf("from", from),
    to: instantOf("to", to),
  });
  return {
    orders: rows.map((order) => ({ ...orderMessage(order), createTime: unixSeconds(order.createTime) })),
    next,
  };
}
