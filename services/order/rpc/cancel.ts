import type { JobTicket } from "@mall/kit/jobs";
import type { RowTransaction } from "@mall/kit/store";
import type { OrderRow } from "../model/order-model.ts";
import type { ServiceContext } from "./context.ts";
import { orderStateConflict } from "./errors.ts";
import { release } from "./release.ts";

/**
 * Cancels an unpaid order and gives its pieces back to stock.
 *
 * @throws AppError ABORTED where the order is not unpaid any more.
 */
export async function cancel(
  context: ServiceContext,
  tx: RowTransaction,
  order: OrderRow,
): Promise<JobTicket> {
  const released = await release(context, tx, order, "cancel");
  if (released === undefined) throw orderStateConflict();
  tx.afterEnd(async (end) => {
    if (end === "committed") context.metrics.cancelled();
  });
  return released;
}
