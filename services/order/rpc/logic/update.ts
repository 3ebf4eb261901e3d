import type { Call } from "@mall/kit/call";
import type { JobTicket } from "@mall/kit/jobs";
import type { Transaction } from "@mall/kit/store";
import type { OrderRow } from "../../model/order-model.ts";
import { ORDER_STATUS } from "../../model/order-state.ts";
import { actOnOrder } from "../act-on-order.ts";
import { awaitRelease } from "../await-release.ts";
import { cancel } from "../cancel.ts";
import type { ServiceContext } from "../context.ts";
import { orderChanged, orderFixed, orderNotFound, orderStateConflict } from "../errors.ts";
import type { UpdateRequest, UpdateResponse } from "../gen/order.ts";

const METHOD = "/order.Order/Update";

/**
 * Changes an unpaid order's amount, or cancels it (status 9), which gives its pieces back to stock. Who ordered what
 * is fixed, and only a payment makes an order paid.
 */
export function update(context: ServiceContext, call: Call, request: UpdateRequest): Promise<UpdateResponse> {
  const { idempotency, database, runtime } = context;
  return idempotency.once<UpdateResponse>(call, { method: METHOD, request }, async (save) => {
    const released = await database.transaction(async (tx) => {
      const order = await context.orderModel.lockLive(request.id, tx);
      if (order === undefined) throw orderNotFound();
      refuseOthers(order, request);
      const act = { tx, operation: METHOD, id: order.id };
      const ticket = await actOnOrder(context, call, act, () => change(context, tx, order, request));
      await save(tx, {});
      return ticket;
    });
    if (released !== undefined) await awaitRelease(runtime, released);
    return {};
  });
}

function refuseOthers(order: OrderRow, request: UpdateRequest): void {
  if (request.uid !== undefined && request.uid !== order.uid) throw orderFixed("uid");
  if (request.pid !== undefined && request.pid !== order.pid) throw orderFixed("pid");
  if ((request.expectedAmount ?? order.amount) !== order.amount) throw orderChanged("amount");
  const status = request.status ?? order.status;
  if (status !== order.status && status !== ORDER_STATUS.cancelled) throw orderStateConflict();
}

async function change(
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
