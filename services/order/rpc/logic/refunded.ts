import type { Call } from "@mall/kit/call";
import { ORDER_STATUS } from "../../model/order-state.ts";
import { awaitRelease, release } from "../../release/release.ts";
import type { ServiceContext } from "../context.ts";
import { orderNotFound, orderStateConflict } from "../errors.ts";
import type { RefundedRequest, RefundedResponse } from "../gen/order.ts";

/** Between reading an order and moving it somebody may have paid, cancelled or reopened it. */
const ATTEMPTS = 3;

/**
 * Records that all the money of an order went back; saying it again changes nothing. The order holds no pieces
 * any more and stays unpaid for ever, also where the word that it is paid comes only now. A removed one stays so.
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
