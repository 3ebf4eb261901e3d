import { wholeSeconds } from "@mall/kit/runtime";
import type { DetailResponse } from "@mall/order/rpc";
import { orderAlreadyPaid, orderCancelled } from "@mall/order/rpc/errors";
import type { PayRow } from "../model/pay-model.ts";
import { PAY_STATUS } from "../model/pay-state.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { payAlreadyPaid, payClosed, payExpired, payHeld } from "../rpc/errors.ts";

/**
 * Lets only a payment pass that waits for money.
 *
 * @throws AppError ABORTED that says why it does not.
 */
export function checkOpen(pay: PayRow, now: number): void {
  if (pay.status === PAY_STATUS.closed) throw payClosed();
  if (pay.status === PAY_STATUS.held) throw payHeld();
  if (pay.status !== PAY_STATUS.created) throw payAlreadyPaid();
  if (isDue(pay, now)) throw payExpired();
}

/** When a payment that is opened now ends if nobody pays: with its order at the latest. Null where nothing ends it. */
export function payEnd(
  { runtime, expireMs }: Pick<ServiceContext, "runtime" | "expireMs">,
  order: DetailResponse,
): Date | null {
  const ends = [];
  if (expireMs > 0) ends.push(runtime.now() + expireMs);
  if (order.expireTime > 0) ends.push(order.expireTime * 1000);
  return ends.length === 0 ? null : wholeSeconds(Math.min(...ends));
}

/** Whether a payment that nobody has paid is to be closed. */
export function isDue({ expireTime }: PayRow, now: number): boolean {
  return expireTime !== null && expireTime.getTime() <= now;
}

/** Whether a payment is open although nothing is to be paid. */
export function isFree({ status, amount }: PayRow): boolean {
  return status === PAY_STATUS.created && amount === 0;
}

/** The order's states that matter to a payment; their meaning is the order service's. */
export const ORDER_STATUS = { unpaid: 0, cancelled: 9 } as const;

/** Whether an order waits for its money. */
export function isPayable(order: DetailResponse): boolean {
  return order.status === ORDER_STATUS.unpaid;
}

/**
 * Lets only an unpaid order pass.
 *
 * @throws AppError ABORTED with the reason the order takes no payment.
 */
export function checkPayable(order: DetailResponse): void {
  if (isPayable(order)) return;
  throw order.status === ORDER_STATUS.cancelled ? orderCancelled() : orderAlreadyPaid();
}
