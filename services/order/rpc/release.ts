import { backgroundCall } from "@mall/kit/context";
import type { OrderRow } from "../model/order-model.ts";
import { holdsPieces, type OrderMove } from "../model/order-state.ts";
import type { ServiceContext } from "./context.ts";

/**
 * Moves an order to a state without pieces and gives those that it held back to stock. False where the order has
 * moved meanwhile or may not.
 */
export async function release(
  context: ServiceContext,
  order: OrderRow,
  move: Extract<OrderMove, "cancel" | "refund">,
): Promise<boolean> {
  if (!(await context.orderModel.move(order, move))) return false;
  if (!holdsPieces(order.status)) return true;
  // Not under the caller's deadline: the order has let go, so its pieces go back in any case.
  await context.productRpc.decrStockRevert(backgroundCall(), { id: order.pid, num: order.num });
  return true;
}
