import type { Call } from "@mall/kit/call";
import { invalidArgument } from "@mall/kit/errors";
import { pageLimit } from "@mall/kit/rpc";
import { unixSeconds } from "@mall/kit/runtime";
import type { ServiceContext } from "../context.ts";
import type { SearchRequest, SearchResponse } from "../gen/order.ts";
import { orderMessage } from "./detail.ts";

/** The end of the year 9999, Unix seconds. */
const SECONDS_MAX = 253_402_300_799;

/** A page of the orders of all users, newest first, without removed ones. */
export async function search(
  { orderModel }: Pick<ServiceContext, "orderModel">,
  _call: Call,
  { since, until, ...request }: SearchRequest,
): Promise<SearchResponse> {
  const limit = pageLimit(request.limit);
  const { rows, next } = await orderModel.search({
    ...request,
    limit,
    since: instantOf("since", since),
    until: instantOf("until", until),
  });
  return {
    data: rows.map((order) => ({ ...orderMessage(order), createTime: unixSeconds(order.createTime) })),
    next,
  };
}

function instantOf(field: string, seconds: number | undefined): Date | undefined {
  if (seconds === undefined) return undefined;
  if (seconds < 0 || seconds > SECONDS_MAX)
    throw invalidArgument(field, `must be between 0 and ${SECONDS_MAX}`);
  return new Date(seconds * 1000);
}
