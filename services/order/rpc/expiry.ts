import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "./context.ts";
import { expireOrder } from "./expire-order.ts";
import { endMs } from "./order-end.ts";

const EXPIRE = "order.expire";
/** Orders that are looked at in one go. */
const ORDERS_MAX = 100;
/** Pauses between two looks: the longest finds what another process or an operator has changed. */
const PAUSE_MS_MIN = 1000;
const PAUSE_MS_MAX = 60_000;
/** After a look that failed; an outage is mostly over soon, and what is due waits for the next look. */
const PAUSE_MS_FAILED = 5_000;

/** Cancels orders at their end. */
export function handleExpiry(context: ServiceContext): void {
  context.jobs.handle(EXPIRE, async (call) => {
    try {
      return { again: await expireDue(context, call) };
    } catch (error) {
      if (call.error !== undefined) throw error;
      // A job that fails for long is given up, and this one never may be.
      context.log.warn({ error }, "orders at their end could not be looked for, and wait");
      return { again: PAUSE_MS_FAILED };
    }
  });
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
    if (leftMs > 0) return pauseMs(leftMs, expireMs);
    call.throwIfDone();
    await expireOrder(context, order);
  }
  return orders.length === ORDERS_MAX ? 0 : pauseMs(PAUSE_MS_MAX, expireMs);
}

/** No order made from now on ends sooner than an order may stay unpaid. */
function pauseMs(leftMs: number, expireMs: number): number {
  const longest = expireMs > 0 ? Math.min(expireMs, PAUSE_MS_MAX) : PAUSE_MS_MAX;
  return Math.max(PAUSE_MS_MIN, Math.min(leftMs, longest));
}
