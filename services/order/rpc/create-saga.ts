import type { AppError } from "@mall/kit/errors";
import type { Coordinator, Saga } from "@mall/kit/saga";
import { productNotFound, productOffShelf } from "@mall/product/rpc/errors";
import type { ServiceContext } from "./context.ts";
import { newOrder } from "./new-order.ts";
import type { Created, Ordered } from "./order-sagas.ts";
import { type StockBranches, takePieces } from "./stock-branches.ts";

/**
 * An order and its pieces are decided together: the pieces are taken, then the order is written; where they are
 * refused there is none. No crash leaves one without the other.
 */
export function defineCreate(
  coordinator: Coordinator,
  context: Omit<ServiceContext, "sagas">,
): Saga<Ordered, Created> {
  const { orderModel, stock, idempotency, metrics, expiryMessages } = context;
  return coordinator.define<Ordered, Created>({
    kind: "order.create",
    isAtOnce: isAtOnce(stock),
    steps: (ordered) => [takePieces(stock, ordered)],
    succeed: async (tx, { gid, payload }) => {
      const row = newOrder(context, payload);
      const id = await orderModel.insert({ ...row, gid }, tx);
      if (row.expireTime) await expiryMessages.announce(tx, { id, endMs: row.expireTime.getTime() });
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

/** Whether orders take their pieces in the transaction that writes them. */
export function isAtOnce({ take }: StockBranches): boolean {
  return take.within !== undefined;
}

/** A branch refuses with ABORTED alone; the caller is told what the product service tells its callers. */
export function refusalOf(error: AppError): AppError {
  const known = [productNotFound(), productOffShelf()];
  return known.find(({ reason }) => reason === error.reason) ?? error;
}
