import { backgroundCall } from "@mall/kit/context";
import type { OrderRow } from "../model/order-model.ts";
import { ORDER_STATUS } from "../model/order-state.ts";
import type { ServiceContext } from "./context.ts";
import { orderStateConflict } from "./errors.ts";
import { PIECES } from "./pieces.ts";

/**
 * Cancels an unpaid order and gives its piece back to stock.
 *
 * @throws AppError ABORTED where the order is not unpaid any more.
 */
export async function cancel(context: ServiceContext, order: OrderRow): Promise<void> {
  if (!(await context.orderModel.move(order, ORDER_STATUS.cancelled))) throw orderStateConflict();
  context.metrics.cancelled();
  // Not under the caller's deadline: the order is cancelled, so its piece goes back in any case.
  await context.productRpc.decrStockRevert(backgroundCall(), { id: order.pid, num: PIECES });
}
