import type { Call } from "@mall/kit/call";
import { orderPaid as tellOrder } from "../../orders/order-paid.ts";
import type { ServiceContext } from "../context.ts";
import type { OrderPaidRequest, OrderPaidResponse } from "../gen/pay.ts";

/** Does what the job of the same name does, for a DTM server that calls until it is done. */
export async function orderPaid(
  context: ServiceContext,
  call: Call,
  request: OrderPaidRequest,
): Promise<OrderPaidResponse> {
  await tellOrder(context, call, { payId: request.id });
  return {};
}
