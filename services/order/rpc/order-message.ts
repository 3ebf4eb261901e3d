import { unixSeconds } from "@mall/kit/runtime";
import type { OrderRow } from "../model/order-model.ts";
import type { DetailResponse } from "./gen/order.ts";

/** An order as it is told to callers. */
export function orderMessage(order: OrderRow): DetailResponse {
  const { id, uid, pid, amount, status, num, expireTime } = order;
  return { id, uid, pid, amount, status, num, expireTime: unixSeconds(expireTime) };
}
