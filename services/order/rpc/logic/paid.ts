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
 * Records that an order is paid; saying it again changes nothing. A cancelled order is not brought back. What was
 * paid is compared with what the order costs in the statement that makes it paid, so no new price comes between.
 *
 * @throws AppError FAILED_PRECONDITION ORDER_AMOUNT_MISMATCH where the unpaid order costs something else.
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
