import type { Call } from "@mall/kit/call";
import { demandRanges, instantOf, pageLimit } from "@mall/kit/rpc";
import { unixSeconds } from "@mall/kit/runtime";
import type { ServiceContext } from "../context.ts";
import type { SearchRequest, SearchResponse } from "../gen/order.ts";
import { orderMessage } from "./detail.ts";

/**
 * A page of the orders of all users, newest first, without removed ones.
 *
 * @throws AppError INVALID_ARGUMENT naming the field that no order can be found by.
 */
export async function search(
  { orderModel }: Pick<ServiceContext, "orderModel">,
  _call: Call,
  request: SearchRequest,
): Promise<SearchResponse> {
  const limit = pageLimit(request.limit);
  const times = { from: instantOf("from", request.from), to: instantOf("to", request.to) };
  const search = { ...request, limit, ...times };
  demandRanges(search);
  const { rows, next } = await orderModel.search(search);
  return {
    orders: rows.map((order) => ({ ...orderMessage(order), createTime: unixSeconds(order.createTime) })),
    next,
  };
}
