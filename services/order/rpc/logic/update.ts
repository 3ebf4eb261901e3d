import type { Call } from "@mall/kit/call";
import { actOnOrder, changeOrder, refuseOthers } from "../../change/change-order.ts";
import { awaitRelease } from "../../release/release.ts";
import type { ServiceContext } from "../context.ts";
import { orderNotFound } from "../errors.ts";
import type { UpdateRequest, UpdateResponse } from "../gen/order.ts";

/**
 * Changes an unpaid order's amount, or cancels it (status 9), which returns its pieces to stock. User and product
 * cannot be changed, and only a payment marks an order as paid.
 */
export function update(context: ServiceContext, call: Call, request: UpdateRequest): Promise<UpdateResponse> {
  const { idempotency, orderModel, runtime } = context;
  return idempotency.once<UpdateResponse>(call, request, (commit) =>
    commit.transaction(async (tx) => {
      const order = await orderModel.lockLive(request.id, tx);
      if (order === undefined) throw orderNotFound();
      refuseOthers(order, request);
      const released = await actOnOrder(context, call, { tx, id: order.id }, () =>
        changeOrder(context, tx, order, request),
      );
      return { answer: {}, after: released && (() => awaitRelease(runtime, released)) };
    }),
  );
}
