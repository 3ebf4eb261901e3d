import type { Call } from "@mall/kit/call";
import type { AppError } from "@mall/kit/errors";
import type { OrderRow } from "../../model/order-model.ts";
import { ORDER_STATUS } from "../../model/order-state.ts";
import type { ServiceContext } from "../context.ts";
import {
  orderAmountMismatch,
  orderCancelled,
  orderNotFound,
  orderRefunded,
  orderStateConflict,
} from "../errors.ts";
import type { PaidRequest, PaidResponse } from "../gen/order.ts";

/**
 * Records that an order is paid; repeating it changes nothing. A cancelled order is not reopened. The amount is
 * compared in the statement that marks the order as paid, so that a concurrent change of price cannot come in between.
 *
 * @throws AppError FAILED_PRECONDITION ORDER_AMOUNT_MISMATCH if the unpaid order has another amount; ABORTED with what
 * became of the order if it is not unpaid.
 */
export async function paid(
  context: ServiceContext,
  _call: Call,
  { id, amount }: PaidRequest,
): Promise<PaidResponse> {
  const { database, orderModel, metrics } = context;
  if (await database.share((tx) => orderModel.pay(id, amount, tx))) {
    metrics.paid();
    return {};
  }
  const order = await orderModel.findLive(id);
  if (order?.status !== ORDER_STATUS.paid) throw refusal(order, amount);
  return {};
}

function refusal(order: OrderRow | undefined, amount: number | undefined): AppError {
  switch (order?.status) {
    case undefined:
      return orderNotFound();
    case ORDER_STATUS.cancelled:
      return orderCancelled();
    case ORDER_STATUS.refunded:
      return orderRefunded();
    case ORDER_STATUS.unpaid:
      return amount === undefined || amount === order?.amount ? orderStateConflict() : orderAmountMismatch();
    default:
      return orderStateConflict();
  }
}
