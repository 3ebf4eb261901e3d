import type { DetailResponse } from "@mall/order/rpc";
import type { PayRow } from "../model/pay-model.ts";
import type { ServiceContext } from "./context.ts";
import { wholeSeconds } from "./times.ts";

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
