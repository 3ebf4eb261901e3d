import type { Call } from "@mall/kit/call";
import { type AppError, deadlineExceeded } from "@mall/kit/errors";
import type { BeginWork } from "@mall/kit/idempotency";
import type { Coordinator, Saga } from "@mall/kit/saga";
import { productNotFound, productOffShelf } from "@mall/product/rpc/errors";
import type { ServiceContext } from "../rpc/context.ts";
import type { CreateRequest, CreateResponse } from "../rpc/gen/order.ts";
import type { Created, Ordered } from "../rpc/order-sagas.ts";
import { PIECES, writeOrder } from "./new-order.ts";
import { randomGid } from "./order-name.ts";
import { type StockBranches, takePieces } from "./take-pieces.ts";

/**
 * An order and its pieces are decided together: the pieces are taken, then the order is written; where they are
 * refused there is none. No crash leaves one without the other.
 */
export function defineCreate(
  coordinator: Coordinator,
  context: Omit<ServiceContext, "sagas">,
): Saga<Ordered, Created> {
  const { stock, idempotency, metrics } = context;
  return coordinator.define<Ordered, Created>({
    kind: "order.create",
    isAtOnce: isAtOnce(stock),
    steps: (ordered) => [takePieces(stock, ordered)],
    succeed: async (tx, { gid, payload }) => {
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
 * Makes an order that was checked; `begin` takes the key that waits for it. A call that ends before the saga leaves it
 * to go on.
 *
 * @throws AppError as what refuses the pieces; DEADLINE_EXCEEDED where it is not decided yet; DuplicateKeyError of a key.
 */
export async function placeOrder(
  { sagas, stock, runtime }: ServiceContext,
  call: Call,
  { uid, pid, amount }: CreateRequest,
  begin: BeginWork,
): Promise<CreateResponse> {
  const gid = randomGid(runtime, { isAtOnce: isAtOnce(stock) });
  const keyed = call.idempotency !== undefined;
  const result = await sagas.create.run(call, {
    gid,
    payload: { uid, pid, amount, num: PIECES, keyed },
    start: (tx) => begin(tx, gid),
  });
  if (result.outcome === "succeeded") return result.answer;
  throw result.outcome === "failed" ? refusalOf(result.error) : deadlineExceeded();
}

/** Whether orders take their pieces in the transaction that writes them. */
function isAtOnce({ take }: StockBranches): boolean {
  return take.within !== undefined;
}

/** A branch refuses with ABORTED alone; the caller is told what the product service tells its callers. */
export function refusalOf(error: AppError): AppError {
  const known = [productNotFound(), productOffShelf()];
  return known.find(({ reason }) => reason === error.reason) ?? error;
}
