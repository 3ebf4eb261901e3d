import type { OrderRow } from "../model/order-model.ts";

/** Until when an order may be paid, milliseconds since the epoch; Infinity for no end. */
export function endMs({ expireTime }: OrderRow): number {
  return expireTime === null ? Number.POSITIVE_INFINITY : expireTime.getTime();
}
