import { mayActFor } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { replayOr } from "@mall/kit/idempotency";
import type { DetailResponse } from "@mall/order/rpc";
import { orderNotFound } from "@mall/order/rpc/errors";
import type { ServiceContext } from "./context.ts";

/**
 * An order that the caller may see, perhaps from the cache. The check stands here and not in the rpc, since a Go peer sends no
 * caller along and may stand on either side.
 *
 * @throws AppError NOT_FOUND, also for somebody else's order.
 */
export async function visibleOrder(context: ServiceContext, call: Call, id: number): Promise<DetailResponse> {
  const order = await context.orderRpc.detail(call, { id, allowCached: true });
  if (!mayActFor(call, order.uid)) throw orderNotFound();
  return order;
}

/**
 * Changes an order that the caller may see. One that was removed is seen no more, but who sends the removal again
 * with its key, or an earlier change, is still to get its answer.
 */
export async function changeVisible<Res>(
  context: ServiceContext,
  call: Call,
  id: number,
  change: (call: Call, order: DetailResponse | undefined) => Promise<Res>,
): Promise<Res> {
  let order: DetailResponse;
  try {
    order = await context.orderRpc.detail(call, { id });
  } catch (error) {
    // A Go peer tells it in other words, and would remove whatever has the id by now.
    if (!(error instanceof AppError) || error.reason !== orderNotFound().reason) throw error;
    return replayOr(call, error, (again) => change(again, undefined));
  }
  if (!mayActFor(call, order.uid)) throw orderNotFound();
  return change(call, order);
}
