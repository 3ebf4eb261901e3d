import type { Call } from "@mall/kit/call";
import { DuplicateKeyError } from "@mall/kit/store";
import type { OrderRow } from "../../model/order-model.ts";
import { ORDER_STATUS } from "../../model/order-state.ts";
import type { ServiceContext } from "../context.ts";
import { refusalOf } from "../create-saga.ts";
import { orderAmountMismatch, orderNotFound, orderRefunded, orderReopening } from "../errors.ts";
import type { ReopenRequest, ReopenResponse } from "../gen/order.ts";
import { orderName } from "../release.ts";
import { reopenGid } from "../reopen-saga.ts";
import { paid } from "./paid.ts";

/**
 * Brings a cancelled order back whose payment came late: pieces are taken again, and it is paid. An order that is
 * paid already stays so.
 *
 * @throws AppError FAILED_PRECONDITION ORDER_AMOUNT_MISMATCH where it costs something else than was paid; as DecrStock where there are no pieces left; ABORTED where the money has gone back meanwhile;
 * UNAVAILABLE where it is not decided yet.
 */
export async function reopen(
  context: ServiceContext,
  call: Call,
  request: ReopenRequest,
): Promise<ReopenResponse> {
  const { id, amount } = request;
  const order = await context.orderModel.findLive(id);
  if (order === undefined) throw orderNotFound();
  if (order.status === ORDER_STATUS.refunded) throw orderRefunded();
  if (order.status === ORDER_STATUS.cancelled) {
    if (amount !== undefined && amount !== order.amount) throw orderAmountMismatch();
    if (await takeAgain(context, call, order, amount)) return {};
  }
  // It is unpaid, paid, or came to its end meanwhile.
  return paid(context, call, request);
}

async function takeAgain(
  context: ServiceContext,
  call: Call,
  order: OrderRow,
  amount: number | undefined,
): Promise<boolean> {
  const { id, pid, num, reservation } = order;
  const payload = {
    id,
    name: orderName(order),
    pid,
    num,
    reservation,
    ...(amount !== undefined && { amount }),
  };
  try {
    const result = await context.sagas.reopen.run(call, { gid: reopenGid(payload), payload });
    if (result.outcome === "succeeded") return result.answer.reopened;
    throw result.outcome === "failed" ? refusalOf(result.error) : orderReopening();
  } catch (error) {
    throw error instanceof DuplicateKeyError ? orderReopening() : error;
  }
}
