import type { Call } from "@mall/kit/call";
import { actOnOrder, changeOrder, refuseOthers } from "../../change/change-order.ts";
import { awaitRelease } from "../../release/release.ts";
import type { ServiceContext } from "../context.ts";
import { orderNotFound } from "../errors.ts";
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
      const ticket = await actOnOrder(context, call, act, () => changeOrder(context, tx, order, request));
      await save(tx, {});
      return ticket;
    });
    if (released !== undefined) await awaitRelease(runtime, released);
    return {};
  });
}
