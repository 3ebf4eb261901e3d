import type { Call } from "@mall/kit/call";
import { actOnOrder, takeAway } from "../../change/change-order.ts";
import { awaitRelease } from "../../release/release.ts";
import type { ServiceContext } from "../context.ts";
import { orderNotFound } from "../errors.ts";
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
