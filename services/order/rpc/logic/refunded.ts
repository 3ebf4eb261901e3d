import type { Call } from "@mall/kit/call";
import { ORDER_STATUS } from "../../model/order-state.ts";
import { awaitRelease, release } from "../../release/release.ts";
import type { ServiceContext } from "../context.ts";
import { orderNotFound, orderStateConflict } from "../errors.ts";
import type { RefundedRequest, RefundedResponse } from "../gen/order.ts";

/** Retries, since the order may be paid, cancelled or reopened between reading and moving it. */
const ATTEMPTS = 3;

/**
 * Records that all the money of an order was refunded; repeating it changes nothing. The order gives up its pieces and
 * can never be paid again, even if the report of its payment arrives only later. A removed order stays removed.
 */
export async function refunded(
  context: ServiceContext,
  _call: Call,
  request: RefundedRequest,
): Promise<RefundedResponse> {
  const { orderModel, database, metrics, runtime } = context;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const order = await orderModel.findOne(request.id);
    if (order === undefined) throw orderNotFound();
    if (isOver(order.status)) return {};
    const released = await database.transaction((tx) => release(context, tx, order, "refund"));
    if (released === undefined) continue;
    metrics.refunded();
    await awaitRelease(runtime, released);
    return {};
  }
  throw orderStateConflict();
}

function isOver(status: number): boolean {
  return status === ORDER_STATUS.refunded || status === ORDER_STATUS.removed;
}
