import type { Call } from "@mall/kit/call";
import { actOnOrder, takeAway } from "../../change/change-order.ts";
import { awaitRelease } from "../../release/release.ts";
import type { ServiceContext } from "../context.ts";
import { orderNotFound } from "../errors.ts";
import type { RemoveRequest, RemoveResponse } from "../gen/order.ts";

/**
 * Removes an order, cancelling it first if it is unpaid. A paid order cannot be removed, because money refers to it.
 */
export function remove(context: ServiceContext, call: Call, request: RemoveRequest): Promise<RemoveResponse> {
  const { idempotency, orderModel, runtime } = context;
  return idempotency.once<RemoveResponse>(call, request, async (commit) => {
    const order = await orderModel.findLive(request.id);
    if (order === undefined) throw orderNotFound();
    return commit.transaction(async (tx) => {
      const act = { tx, id: order.id };
      const released = await actOnOrder(context, call, act, () => takeAway(context, tx, order));
      return { answer: {}, after: released && (() => awaitRelease(runtime, released)) };
    });
  });
}
