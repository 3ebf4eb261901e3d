import type { NewOrderRow } from "../model/order-model.ts";
import { ORDER_STATUS } from "../model/order-state.ts";
import type { ServiceContext } from "./context.ts";
import type { CreateRequest } from "./gen/order.ts";
import { PIECES } from "./pieces.ts";

const SECOND_MS = 1000;

/** The row of an order that was just asked for, unpaid and with its end. */
export function newOrder(
  { runtime, expireMs }: Pick<ServiceContext, "runtime" | "expireMs">,
  { uid, pid, amount }: Pick<CreateRequest, "uid" | "pid" | "amount">,
): NewOrderRow {
  // Whole seconds, as the column holds no less and some servers round and others cut.
  const endMs = Math.ceil((runtime.now() + expireMs) / SECOND_MS) * SECOND_MS;
  const expireTime = expireMs === 0 ? null : new Date(endMs);
  return { uid, pid, amount, status: ORDER_STATUS.unpaid, num: PIECES, expireTime };
}
