import type { Call } from "@mall/kit/call";
import { deadlineExceeded } from "@mall/kit/errors";
import type { Operation } from "@mall/kit/idempotency";
import { stockInsufficient } from "@mall/product/rpc/errors";
import { checkOrder, checkPrice } from "../check-order.ts";
import type { ServiceContext } from "../context.ts";
import { createInBranch } from "../create-in-branch.ts";
import { isAtOnce, refusalOf } from "../create-saga.ts";
import type { CreateRequest, CreateResponse } from "../gen/order.ts";
import { randomGid } from "../gid.ts";
import { PIECES } from "../pieces.ts";

const METHOD = "/order.Order/Create";

/**
 * Orders one piece at the product's price. An order and its piece are decided together, by a saga; a call that ends
 * before it leaves it to go on.
 */
export async function create(
  context: ServiceContext,
  call: Call,
  request: CreateRequest,
): Promise<CreateResponse> {
  if (call.branch !== undefined) return createInBranch(context, call, call.branch, request);
  const { uid, pid, amount } = request;
  const operation = { method: METHOD, request: { uid, pid, amount } };
  const { idempotency, createGate, openOrders } = context;
  return idempotency.once<CreateResponse>(call, operation, () =>
    createGate.run(call, () =>
      openOrders.run(uid, {
        check: () => checkAll(context, call, request),
        create: () => drive(context, call, request, operation),
      }),
    ),
  );
}

async function drive(
  { idempotency, sagas, stock, runtime }: ServiceContext,
  call: Call,
  { uid, pid, amount }: CreateRequest,
  operation: Operation,
): Promise<CreateResponse> {
  const gid = randomGid(runtime, { isAtOnce: isAtOnce(stock) });
  const keyed = call.idempotency !== undefined;
  const result = await sagas.create.run(call, {
    gid,
    payload: { uid, pid, amount, num: PIECES, keyed },
    start: (tx) => idempotency.begin(tx, call, operation, gid),
  });
  if (result.outcome === "succeeded") return result.answer;
  throw result.outcome === "failed" ? refusalOf(result.error) : deadlineExceeded();
}

/** In go-zero-mall's order. */
async function checkAll(context: ServiceContext, call: Call, request: CreateRequest): Promise<void> {
  const product = await checkOrder(context, call, request);
  if (product.stock < PIECES) {
    context.metrics.stockRefused();
    throw stockInsufficient();
  }
  checkPrice(product, request);
}
