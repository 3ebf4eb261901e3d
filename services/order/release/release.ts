import type { JobTicket } from "@mall/kit/jobs";
import type { Runtime } from "@mall/kit/runtime";
import type { RowTransaction } from "@mall/kit/store";
import type { OrderRow } from "../model/order-model.ts";
import { holdsPieces, type OrderMove } from "../model/order-state.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { orderStateConflict } from "../rpc/errors.ts";
import { releaseBranch, returnPieces } from "./return-pieces.ts";

/** Pieces go back to stock within milliseconds, or some time when the product service is there again. */
const WAIT_MS = 1000;
const NOTHING_FOLLOWS: JobTicket = { settled: async () => {} };

/**
 * Moves an order to a state without pieces, and decides in the same transaction that those it held go back to
 * stock. Undefined where the order has moved meanwhile or may not.
 */
export async function release(
  { orderModel, jobs, runtime }: ServiceContext,
  tx: RowTransaction,
  order: OrderRow,
  move: Extract<OrderMove, "cancel" | "refund">,
): Promise<JobTicket | undefined> {
  if (!(await orderModel.move(order, move, { tx }))) return undefined;
  if (!holdsPieces(order.status)) return NOTHING_FOLLOWS;
  return returnPieces(jobs, tx, order, releaseBranch(order, runtime.now()));
}

/**
 * Cancels an unpaid order and gives its pieces back to stock.
 *
 * @throws AppError ABORTED where the order is not unpaid any more.
 */
export async function cancel(
  context: ServiceContext,
  tx: RowTransaction,
  order: OrderRow,
): Promise<JobTicket> {
  const released = await release(context, tx, order, "cancel");
  if (released === undefined) throw orderStateConflict();
  tx.afterEnd(async (end) => {
    if (end === "committed") context.metrics.cancelled();
  });
  return released;
}

/** Lets a caller find the pieces back in stock, unless that takes long; they go there in any case. */
export async function awaitRelease(runtime: Runtime, released: JobTicket): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = runtime.setTimer(resolve, WAIT_MS);
  await Promise.race([released.settled(), late]);
  timer.clear();
}
