import type { Call } from "@mall/kit/call";
import { orderPaid as tellOrder } from "../../orders/order-paid.ts";
import type { ServiceContext } from "../context.ts";
import type { OrderPaidRequest, OrderPaidResponse } from "../gen/pay.ts";

/**
 * Does what the job of the same name does, for a DTM server that retries until it succeeds.
 *
 * @throws AppError ABORTED NOT_DECIDED_YET for a payment that is not paid yet; whatever the order rpc cannot decide.
 */
export async function orderPaid(
  context: ServiceContext,
  call: Call,
  request: OrderPaidRequest,
): Promise<OrderPaidResponse> {
  await tellOrder(context, call, { payId: request.id });
  return {};
}
