import type { OrderRow } from "../model/order-model.ts";
import type { ServiceContext } from "./context.ts";
import { orderStateConflict } from "./errors.ts";
import { release } from "./release.ts";

/**
 * Cancels an unpaid order and gives its pieces back to stock.
 *
 * @throws AppError ABORTED where the order is not unpaid any more.
 */
export async function cancel(context: ServiceContext, order: OrderRow): Promise<void> {
  if (!(await release(context, order, "cancel"))) throw orderStateConflict();
  context.metrics.cancelled();
}
