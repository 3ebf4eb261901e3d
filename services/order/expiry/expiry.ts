import type { Call } from "@mall/kit/call";
import { standingJob, untilNextLook } from "@mall/kit/jobs";
import type { OrderRow } from "../model/order-model.ts";
import { release } from "../release/release.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { endMs } from "./order-end.ts";

const EXPIRE = "order.expire";
/** Orders that are looked at in one go. */
const ORDERS_MAX = 100;

/** Cancels an order that is unpaid at its end; one that was settled just before keeps its state. */
export async function expireOrder(context: ServiceContext, order: OrderRow): Promise<void> {
  const { database, metrics } = context;
  const released = await database.transaction((tx) => release(context, tx, order, "cancel"));
  if (released === undefined) return;
  metrics.cancelled();
  metrics.expired();
}

/** Cancels orders at their end. */
export function handleExpiry(context: ServiceContext): void {
  const look = (call: Call): Promise<number> => expireDue(context, call);
  context.jobs.handle(EXPIRE, standingJob(context.log, "orders at their end", look));
}

/** One job for all processes; where it is there already nothing happens. */
export async function scheduleExpiry({ database, jobs }: ServiceContext): Promise<void> {
  await database.transaction((tx) => jobs.enqueue(tx, { kind: EXPIRE, key: EXPIRE, payload: {} }));
}

/** Cancels the orders that are due and says in how many milliseconds to look again. */
async function expireDue(context: ServiceContext, call: Call): Promise<number> {
  const { orderModel, runtime, expireMs } = context;
  const now = runtime.now();
  const orders = await orderModel.findFirstToExpire(ORDERS_MAX);
  for (const order of orders) {
    const leftMs = endMs(order) - now;
    if (leftMs > 0) return untilNextLook(leftMs, expireMs);
    call.throwIfDone();
    await expireOrder(context, order);
  }
  return orders.length === ORDERS_MAX ? 0 : untilNextLook(undefined, expireMs);
}
