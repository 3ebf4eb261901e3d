import { backgroundCall, type Call } from "@mall/kit/context";
import type { OrderRow } from "../../model/order-model.ts";
import { ORDER_STATUS } from "../../model/order-state.ts";
import type { ServiceContext } from "../context.ts";
import { orderNotFound, orderRefunded } from "../errors.ts";
import type { ReopenRequest, ReopenResponse } from "../gen/order.ts";
import { paid } from "./paid.ts";

/**
 * Brings a cancelled order back whose payment came late: pieces are taken again, and it is paid. An order that is
 * paid already stays so.
 *
 * @throws AppError as DecrStock where there are no pieces left; ABORTED where the money has gone back meanwhile.
 */
export async function reopen(
  context: ServiceContext,
  call: Call,
  request: ReopenRequest,
): Promise<ReopenResponse> {
  const order = await context.orderModel.findLive(request.id);
  if (order === undefined) throw orderNotFound();
  if (order.status === ORDER_STATUS.refunded) throw orderRefunded();
  if (order.status !== ORDER_STATUS.cancelled) return paid(context, call, request);
  await context.productRpc.decrStock(call, { id: order.pid, num: order.num });
  const changes = { reservation: order.reservation + 1 };
  if (await context.orderModel.move(order, "reopen", { changes })) {
    context.metrics.reopened();
    return {};
  }
  await returnPieces(context, order);
  return paid(context, call, request);
}

/** Somebody else was first, so the pieces that were just taken are not this order's. */
async function returnPieces(context: ServiceContext, { pid, num }: OrderRow): Promise<void> {
  await context.productRpc.decrStockRevert(backgroundCall(), { id: pid, num });
}
