import type { Facts } from "@mall/kit/audit";
import type { Call } from "@mall/kit/call";
import type { JobTicket } from "@mall/kit/jobs";
import type { Transaction } from "@mall/kit/store";
import type { OrderRow } from "../model/order-model.ts";
import { ORDER_STATUS } from "../model/order-state.ts";
import { cancel } from "../release/release.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { orderChanged, orderFixed, orderStateConflict } from "../rpc/errors.ts";
import type { UpdateRequest } from "../rpc/gen/order.ts";

/** What somebody does about an order by a call, in the transaction that decides it. */
interface OrderAct {
  readonly tx: Transaction;
  readonly id: number;
}

/** Does `work`, and writes down in its transaction what staff changed of an order by it. */
export function actOnOrder<T>(
  { audit, orderModel }: ServiceContext,
  call: Call,
  { tx, id }: OrderAct,
  work: () => Promise<T>,
): Promise<T> {
  const look = async (): Promise<Facts | undefined> => {
    const order = await orderModel.lockOne(id, tx);
    return order && { status: order.status, amount: order.amount };
  };
  return audit.record(tx, call, { subject: `order/${id}`, look }, work);
}

/** @throws AppError that names what of an order nobody may change, or is no longer as expected. */
export function refuseOthers(order: OrderRow, request: UpdateRequest): void {
  if (request.uid !== undefined && request.uid !== order.uid) throw orderFixed("uid");
  if (request.pid !== undefined && request.pid !== order.pid) throw orderFixed("pid");
  if ((request.expectedAmount ?? order.amount) !== order.amount) throw orderChanged("amount");
  const status = request.status ?? order.status;
  if (status !== order.status && status !== ORDER_STATUS.cancelled) throw orderStateConflict();
}

/**
 * Gives an unpaid order another amount, or cancels it.
 *
 * @returns when its pieces are back in stock, where they go there.
 * @throws AppError ABORTED ORDER_STATE_CONFLICT where it is not unpaid any more.
 */
export async function changeOrder(
  context: ServiceContext,
  tx: Transaction,
  order: OrderRow,
  { amount = order.amount, status = order.status }: UpdateRequest,
): Promise<JobTicket | undefined> {
  if (amount !== order.amount) {
    const expect = { status: ORDER_STATUS.unpaid, amount: order.amount };
    const changed = await context.orderModel.update(order.id, { amount }, { expect, tx });
    if (!changed) throw orderStateConflict();
  }
  return status === order.status ? undefined : cancel(context, tx, order);
}

/**
 * Takes an order away, cancelling it first where it is unpaid.
 *
 * @returns when its pieces are back in stock, where they go there.
 * @throws AppError ABORTED ORDER_STATE_CONFLICT where it is neither unpaid nor cancelled.
 */
export async function takeAway(
  context: ServiceContext,
  tx: Transaction,
  order: OrderRow,
): Promise<JobTicket | undefined> {
  const isUnpaid = order.status === ORDER_STATUS.unpaid;
  const released = isUnpaid ? await cancel(context, tx, order) : undefined;
  const cancelled = isUnpaid ? { ...order, status: ORDER_STATUS.cancelled } : order;
  if (!(await context.orderModel.move(cancelled, "remove", { tx }))) throw orderStateConflict();
  return released;
}
