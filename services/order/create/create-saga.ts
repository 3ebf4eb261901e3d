import type { Call } from "@mall/kit/call";
import { type AppError, deadlineExceeded } from "@mall/kit/errors";
import type { BeginWork } from "@mall/kit/idempotency";
import type { Coordinator, Saga } from "@mall/kit/saga";
import { productNotFound, productOffShelf } from "@mall/product/rpc/errors";
import type { ServiceContext } from "../rpc/context.ts";
import type { CreateRequest, CreateResponse } from "../rpc/gen/order.ts";
import type { Created, Ordered } from "../rpc/order-sagas.ts";
import { newGid, PIECES, writeOrder } from "./new-order.ts";
import { type StockBranches, takePieces } from "./take-pieces.ts";

/**
 * Decides an order together with its pieces: the pieces are taken, then the order is written; if they are refused there
 * is no order. No crash leaves one without the other.
 */
export function defineCreate(
  coordinator: Coordinator,
  context: Omit<ServiceContext, "sagas">,
): Saga<Ordered, Created> {
  const { stock, idempotency, metrics } = context;
  return coordinator.define({
    kind: "order.create",
    isAtOnce: isAtOnce(stock),
    step: (ordered: Ordered) => takePieces(stock, ordered),
    succeed: async (tx, { gid, payload }): Promise<Created> => {
      const id = await writeOrder(context, tx, payload, { gid });
      tx.afterEnd(async (end) => {
        if (end === "committed") metrics.created();
      });
      if (payload.keyed) await idempotency.settle(tx, gid, { ok: { id } });
      return { id };
    },
    fail: async (tx, { gid, payload }, error) => {
      if (payload.keyed) await idempotency.settle(tx, gid, { error: refusalOf(error) });
    },
  });
}

/**
 * Runs the saga for an order that was checked. `begin` claims the request's idempotency key in the transaction that
 * starts the saga. If the call ends first, the saga carries on.
 *
 * @throws AppError the product service's refusal; DEADLINE_EXCEEDED if it is not decided in time; DuplicateKeyError if
 * the idempotency key is taken.
 */
export async function placeOrder(
  { sagas, stock, runtime }: ServiceContext,
  call: Call,
  { uid, pid, amount }: CreateRequest,
  begin: BeginWork,
): Promise<CreateResponse> {
  const gid = newGid(runtime, { isAtOnce: isAtOnce(stock) });
  const keyed = call.idempotency !== undefined;
  const result = await sagas.create.run(call, {
    gid,
    payload: { uid, pid, amount, num: PIECES, keyed },
    start: (tx) => begin(tx, gid),
  });
  if (result.outcome === "succeeded") return result.answer;
  throw result.outcome === "failed" ? refusalOf(result.error) : deadlineExceeded();
}

/** Whether pieces are taken in the transaction that writes the order. */
function isAtOnce({ take }: StockBranches): boolean {
  return take.within !== undefined;
}

/** A branch refuses with ABORTED only; callers get the code that the product service itself would answer. */
export function refusalOf(error: AppError): AppError {
  const known = [productNotFound(), productOffShelf()];
  return known.find(({ reason }) => reason === error.reason) ?? error;
}
