import type { Call } from "@mall/kit/call";
import type { JobTicket } from "@mall/kit/jobs";
import type { Transaction } from "@mall/kit/store";
import type { OrderRow } from "../../model/order-model.ts";
import { ORDER_STATUS } from "../../model/order-state.ts";
import { actOnOrder } from "../act-on-order.ts";
import { awaitRelease } from "../await-release.ts";
import { cancel } from "../cancel.ts";
import type { ServiceContext } from "../context.ts";
import { orderNotFound, orderStateConflict } from "../errors.ts";
import type { RemoveRequest, RemoveResponse } from "../gen/order.ts";

const METHOD = "/order.Order/Remove";

/** Takes an order away, cancelling it first if it is unpaid. A paid one stays: money refers to it. */
export function remove(context: ServiceContext, call: Call, request: RemoveRequest): Promise<RemoveResponse> {
  const { idempotency, database, runtime } = context;
  return idempotency.once<RemoveResponse>(call, { method: METHOD, request }, async (save) => {
    const order = await context.orderModel.findLive(request.id);
    if (order === undefined) throw orderNotFound();
    const released = await database.transaction(async (tx) => {
      const act = { tx, operation: METHOD, id: order.id };
      const ticket = await actOnOrder(context, call, act, () => takeAway(context, tx, order));
      await save(tx, {});
      return ticket;
    });
    if (released !== undefined) await awaitRelease(runtime, released);
    return {};
  });
}

async function takeAway(
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
