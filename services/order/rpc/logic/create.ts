import type { Call } from "@mall/kit/call";
import { placeOrder } from "../../create/create-saga.ts";
import { checkOrder } from "../../create/new-order.ts";
import type { ServiceContext } from "../context.ts";
import type { CreateRequest, CreateResponse } from "../gen/order.ts";

/**
 * Orders one piece at the product's price. A saga decides order and piece together; if the call ends before the saga
 * does, the saga carries on.
 *
 * @throws AppError as checkOrder and placeOrder; FAILED_PRECONDITION OPEN_ORDERS_MAX; RESOURCE_EXHAUSTED ORDERS_BUSY.
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
