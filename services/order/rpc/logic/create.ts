import type { Call } from "@mall/kit/call";
import { checkOrder } from "../../create/check-order.ts";
import { placeOrder } from "../../create/create-saga.ts";
import type { ServiceContext } from "../context.ts";
import type { CreateRequest, CreateResponse } from "../gen/order.ts";

/**
 * Orders one piece at the product's price. An order and its piece are decided together, by a saga; a call that ends
 * before it leaves it to go on.
 */
export async function create(
  context: ServiceContext,
  call: Call,
  request: CreateRequest,
): Promise<CreateResponse> {
  const { uid, pid, amount } = request;
  const { idempotency, createGate, openOrders } = context;
  return idempotency.once<CreateResponse>(call, { uid, pid, amount }, (commit) =>
    createGate.run(call, () =>
      openOrders.run(uid, {
        check: () => checkOrder(context, call, request),
        create: () => commit.begun((begin) => placeOrder(context, call, request, begin)),
      }),
    ),
  );
}
