import type { BranchInfo } from "@mall/kit/call";
import { SAGA_OPEN_MS_MAX } from "@mall/kit/config";
import { AppError } from "@mall/kit/errors";
import type { JobQueue, JobTicket } from "@mall/kit/jobs";
import type { Runtime } from "@mall/kit/runtime";
import { callBranch } from "@mall/kit/saga";
import type { RowTransaction } from "@mall/kit/store";
import { PRODUCT_REASON } from "@mall/product/rpc/errors";
import { type OrderRow, orderName } from "../model/order-model.ts";
import { holdsPieces, type OrderMove } from "../model/order-state.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { orderStateConflict } from "../rpc/errors.ts";

const RELEASE = "order.release";
/** Longest wait of a caller for pieces to be back in stock; usually that takes milliseconds. */
const WAIT_MS = 1000;
const NOTHING_FOLLOWS: JobTicket = { settled: async () => {} };

/** Payload of the job that returns pieces to stock. */
type Release = {
  readonly pid: number;
  readonly num: number;
  /** The branch under which the product service takes them back, so that it does so once. */
  readonly branch: { readonly [Name in keyof BranchInfo]: string };
};

/**
 * Moves an order to a state that holds no pieces and enqueues, in the same transaction, the job that returns the
 * pieces it held. Undefined if the order has moved in the meantime or the move is not allowed.
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
 * Cancels an unpaid order and returns its pieces to stock.
 *
 * @throws AppError ABORTED ORDER_STATE_CONFLICT if the order is no longer unpaid.
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

/** Lets a caller find the pieces back in stock unless that takes long; they are returned in any case. */
export async function awaitRelease(runtime: Runtime, released: JobTicket): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = runtime.setTimer(resolve, WAIT_MS);
  await Promise.race([released.settled(), late]);
  timer.clear();
}

/** Registers the job that returns released pieces to stock, retrying until the product service has taken them. */
export function handleReleases({ jobs, productRpc, log }: ServiceContext): void {
  jobs.handle<Release>(RELEASE, async (call, { pid, num, branch }) => {
    try {
      await callBranch(call, branch, (asBranch) => productRpc.decrStockRevert(asBranch, { id: pid, num }));
    } catch (error) {
      if (!(error instanceof AppError) || error.reason !== PRODUCT_REASON.notFound) throw error;
      // go-zero-mall's product service deletes rows.
      log.warn({ pid, num }, "pieces could not be returned to stock: their product was deleted");
    }
  });
}

/** Enqueues the return of pieces to stock, which takes effect once per branch. */
export function returnPieces(
  jobs: JobQueue,
  tx: RowTransaction,
  { pid, num }: Pick<Release, "pid" | "num">,
  branch: Release["branch"],
): Promise<JobTicket> {
  const payload: Release = { pid, num, branch };
  return jobs.enqueue(tx, { kind: RELEASE, payload });
}

/** The branch that returns the pieces of an order's `reservation`-th reservation; `name` is the order's. */
export function reservedBranch(name: string, reservation: number): Release["branch"] {
  return { gid: `${name}-release-${reservation}`, transType: "msg", branchId: "01", op: "action" };
}

/**
 * The branch that returns the pieces an order holds.
 *
 * An order written as a step of somebody else's saga may not have its pieces yet: they are taken by another step, so
 * that step is compensated, which returns nothing that was not taken. After SAGA_OPEN_MS_MAX such a saga is settled and
 * its pieces were taken, but the product service may have forgotten the step, so a branch of our own returns them. All
 * other orders are written after their pieces were taken.
 */
function releaseBranch(order: OrderRow, now: number): Release["branch"] {
  const { gid, stockBranch, reservation, createTime } = order;
  const isSettled = createTime.getTime() < now - SAGA_OPEN_MS_MAX;
  if (gid !== null && stockBranch !== "" && reservation === 0 && !isSettled) {
    return { gid, transType: "saga", branchId: stockBranch, op: "compensate" };
  }
  return reservedBranch(orderName(order), reservation);
}
