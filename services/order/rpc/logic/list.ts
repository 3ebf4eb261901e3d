import type { Call } from "@mall/kit/call";
import { invalidArgument } from "@mall/kit/errors";
import type { ServiceContext } from "../context.ts";
import type { ListRequest, ListResponse } from "../gen/order.ts";
import { orderMessage } from "../order-message.ts";

const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 500;

/** A page of a user's orders, newest first. */
export async function list(context: ServiceContext, call: Call, request: ListRequest): Promise<ListResponse> {
  const { uid, before } = request;
  const limit = request.limit === 0 ? LIMIT_DEFAULT : request.limit;
  if (limit < 1 || limit > LIMIT_MAX) throw invalidArgument("limit", `must be between 1 and ${LIMIT_MAX}`);
  await context.knownUsers.demand(call, uid);
  const orders = await context.orderModel.findPageByUid({ uid, before, limit });
  return { data: orders.map(orderMessage) };
}
