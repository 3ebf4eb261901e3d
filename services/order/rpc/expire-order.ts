import type { OrderRow } from "../model/order-model.ts";
import type { ServiceContext } from "./context.ts";
import { release } from "./release.ts";

/** Cancels an order that is unpaid at its end; one that was settled just before keeps its state. */
export async function expireOrder(context: ServiceContext, order: OrderRow): Promise<void> {
  const { database, metrics } = context;
  const released = await database.transaction((tx) => release(context, tx, order, "cancel"));
  if (released === undefined) return;
  metrics.cancelled();
  metrics.expired();
}
