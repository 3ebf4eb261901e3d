import { type Call, mayActFor } from "@mall/kit/context";
import type { DetailResponse } from "@mall/order/rpc";
import { orderNotFound } from "@mall/order/rpc/errors";
import type { ServiceContext } from "./context.ts";

/**
 * An order that the caller may see. The check stands here and not in the rpc, since a Go peer sends no
 * caller along and may stand on either side.
 *
 * @throws AppError NOT_FOUND, also for somebody else's order.
 */
export async function visibleOrder(context: ServiceContext, call: Call, id: number): Promise<DetailResponse> {
  const order = await context.orderRpc.detail(call, { id });
  if (!mayActFor(call, order.uid)) throw orderNotFound();
  return order;
}
