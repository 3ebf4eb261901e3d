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

/** A change to an order that is to be audited, and the transaction that makes it. */
interface OrderAct {
  readonly tx: Transaction;
  readonly id: number;
}

/** Runs `work` and records, in its transaction, what it changed of the order if staff are the caller. */
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

/** @throws AppError naming a field that cannot be changed, or whose value is no longer the expected one. */
export function refuseOthers(order: OrderRow, request: UpdateRequest): void {
  if (request.uid !== undefined && request.uid !== order.uid) throw orderFixed("uid");
  if (request.pid !== undefined && request.pid !== order.pid) throw orderFixed("pid");
  if ((request.expectedAmount ?? order.amount) !== order.amount) throw orderChanged("amount");
  const status = request.status ?? order.status;
  if (status !== order.status && status !== ORDER_STATUS.cancelled) throw orderStateConflict();
}

/**
 * Changes the amount of an unpaid order, or cancels it.
 *
 * @returns a ticket for the return of its pieces to stock; undefined if it keeps them.
 * @throws AppError ABORTED ORDER_STATE_CONFLICT if it is no longer unpaid.
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
 * Removes an order, cancelling it first if it is unpaid.
 *
 * @returns a ticket for the return of its pieces to stock; undefined if it held none.
 * @throws AppError ABORTED ORDER_STATE_CONFLICT if it is neither unpaid nor cancelled.
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
