import type { Call } from "@mall/kit/call";
import { pageLimit } from "@mall/kit/rpc";
import type { ServiceContext } from "../context.ts";
import type { ListRequest, ListResponse } from "../gen/order.ts";
import { orderMessage } from "./detail.ts";

/**
 * A page of a user's orders, newest first, without removed ones.
 *
 * @throws AppError NOT_FOUND USER_NOT_FOUND.
 */
export async function list(context: ServiceContext, call: Call, request: ListRequest): Promise<ListResponse> {
  const { uid, before } = request;
  const limit = pageLimit(request.limit);
  await context.knownUsers.demand(call, uid);
  const orders = await context.orderModel.findPageByUid({ uid, before, limit });
  return { data: orders.map(orderMessage) };
}
