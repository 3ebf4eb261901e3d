import type { Call } from "@mall/kit/call";
import { invalidArgument } from "@mall/kit/errors";
import { pageLimit } from "@mall/kit/rpc";
import { unixSeconds } from "@mall/kit/runtime";
import type { ServiceContext } from "../context.ts";
import type { SearchRequest, SearchResponse } from "../gen/order.ts";
import { orderMessage } from "./detail.ts";

/** Far beyond every order, and what a Date can be. */
const SECONDS_MAX = 9_007_199_254;

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

function instantOf(field: string, seconds: number | undefined): Date | undefined {
  if (seconds === undefined) return undefined;
  if (seconds < 0 || seconds > SECONDS_MAX)
    throw invalidArgument(field, `must be between 0 and ${SECONDS_MAX}`);
  return new Date(seconds * 1000);
}
