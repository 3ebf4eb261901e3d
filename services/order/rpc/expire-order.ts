import type { OrderRow } from "../model/order-model.ts";
import type { ServiceContext } from "./context.ts";
import { release } from "./release.ts";

/** Cancels an order that is unpaid at its end; one that was settled just before keeps its state. */
export async function expireOrder(context: ServiceContext, order: OrderRow): Promise<void> {
  if (!(await release(context, order, "cancel"))) return;
  context.metrics.cancelled();
  context.metrics.expired();
}
