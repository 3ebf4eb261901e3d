import { mayActFor } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { replayOr } from "@mall/kit/idempotency";
import type { DetailResponse } from "@mall/order/rpc";
import { orderNotFound } from "@mall/order/rpc/errors";
import type { ServiceContext } from "./context.ts";

/**
 * An order that the caller may see, possibly from the cache. The check is here and not in the rpc, because a
 * go-zero-mall process on either side does not forward the caller.
 *
 * @throws AppError NOT_FOUND ORDER_NOT_FOUND, also for somebody else's order.
 */
export async function visibleOrder(context: ServiceContext, call: Call, id: number): Promise<DetailResponse> {
  const order = await context.orderRpc.detail(call, { id, allowCached: true });
  if (!mayActFor(call, order.uid)) throw orderNotFound();
  return order;
}

/**
 * Changes an order that the caller may see. A removed order is no longer visible, but a request repeated with the key
 * of its removal, or of an earlier change, still gets that answer.
 *
 * @throws AppError NOT_FOUND ORDER_NOT_FOUND, also for somebody else's order; whatever `change` throws.
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
    // A go-zero-mall peer uses another reason and knows no keys: it would change whatever has the id by now.
    if (!(error instanceof AppError) || error.reason !== orderNotFound().reason) throw error;
    return replayOr(call, error, (again) => change(again, undefined));
  }
  if (!mayActFor(call, order.uid)) throw orderNotFound();
  return change(call, order);
}
