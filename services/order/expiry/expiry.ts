import type { Call } from "@mall/kit/call";
import { LOOK_MS_MAX, standingJob, untilNextLook } from "@mall/kit/jobs";
import type { OrderRow } from "../model/order-model.ts";
import { release } from "../release/release.ts";
import type { ServiceContext } from "../rpc/context.ts";

const EXPIRE = "order.expire";
/** Orders examined per run of the job. */
const ORDERS_MAX = 100;

/** Until when an order may be paid, milliseconds since the epoch; Infinity if it never expires. */
export function endMs({ expireTime }: OrderRow): number {
  return expireTime === null ? Number.POSITIVE_INFINITY : expireTime.getTime();
}

/** Cancels an unpaid order that has expired; one that was settled in the meantime keeps its state. */
export async function expireOrder(context: ServiceContext, order: OrderRow): Promise<void> {
  const { database, metrics } = context;
  const released = await database.transaction((tx) => release(context, tx, order, "cancel"));
  if (released === undefined) return;
  metrics.cancelled();
  metrics.expired();
}

/** Registers the job that cancels expired orders. */
export function handleExpiry(context: ServiceContext): void {
  const look = (call: Call): Promise<number> => expireDue(context, call);
  context.jobs.handle(EXPIRE, standingJob(context, "orders at their end", look));
}

/** Enqueues the one job that all processes share; does nothing if it is already there. */
export async function scheduleExpiry({ database, jobs }: ServiceContext): Promise<void> {
  await database.transaction((tx) =>
    jobs.enqueue(tx, { kind: EXPIRE, key: EXPIRE, payload: {}, isStanding: true }),
  );
}

/** Cancels the orders that are due and returns how many milliseconds to wait before looking again. */
async function expireDue(context: ServiceContext, call: Call): Promise<number> {
  const { orderModel, runtime, expireMs } = context;
  const now = runtime.now();
  const begunAt = runtime.elapsed();
  const orders = await orderModel.findFirstToExpire(ORDERS_MAX);
  for (const order of orders) {
    const leftMs = endMs(order) - now;
    if (leftMs > 0) return untilNextLook(leftMs, expireMs);
    if (runtime.elapsed() - begunAt >= LOOK_MS_MAX) return 0;
    call.throwIfDone();
    await expireOrder(context, order);
  }
  return orders.length === ORDERS_MAX ? 0 : untilNextLook(undefined, expireMs);
}
