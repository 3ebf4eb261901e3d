import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { OrderPaidRequest, OrderPaidResponse } from "../gen/pay.ts";
import { orderPaid as tellOrder } from "../jobs/order-paid.ts";

/** Does what the job of the same name does, for a DTM server that calls until it is done. */
export async function orderPaid(
  context: ServiceContext,
  call: Call,
  request: OrderPaidRequest,
): Promise<OrderPaidResponse> {
  await tellOrder(context, call, { payId: request.id });
  return {};
}
