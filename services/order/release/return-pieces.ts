import type { BranchInfo } from "@mall/kit/call";
import { SAGA_OPEN_MS_MAX } from "@mall/kit/config";
import { AppError } from "@mall/kit/errors";
import type { JobQueue, JobTicket } from "@mall/kit/jobs";
import { callBranch } from "@mall/kit/saga";
import type { RowTransaction } from "@mall/kit/store";
import { orderName } from "../create/order-name.ts";
import type { OrderRow } from "../model/order-model.ts";
import type { ServiceContext } from "../rpc/context.ts";

const RELEASE = "order.release";
const PRODUCT_GONE = "PRODUCT_NOT_FOUND";

/** Pieces that an order has let go of. */
type Release = {
  readonly pid: number;
  readonly num: number;
  /** As what the product service takes them back, once. */
  readonly branch: { readonly [Name in keyof BranchInfo]: string };
};

/** Gives back what orders have let go of, for as long as it takes. */
export function handleReleases({ jobs, productRpc, log }: ServiceContext): void {
  jobs.handle<Release>(RELEASE, async (call, { pid, num, branch }) => {
    try {
      await callBranch(call, branch, (asBranch) => productRpc.decrStockRevert(asBranch, { id: pid, num }));
    } catch (error) {
      if (!(error instanceof AppError) || error.reason !== PRODUCT_GONE) throw error;
      // A product service in Go deletes rows.
      log.warn({ pid, num }, "pieces went back to a product that is gone");
    }
  });
}

/** Decides in a transaction that pieces go back to stock, once for each branch. */
export function returnPieces(
  jobs: JobQueue,
  tx: RowTransaction,
  { pid, num }: Pick<Release, "pid" | "num">,
  branch: Release["branch"],
): Promise<JobTicket> {
  const payload: Release = { pid, num, branch };
  return jobs.enqueue(tx, { kind: RELEASE, payload });
}

/** As what the pieces go back that an order took for its `reservation`-th time; `name` is the order's. */
export function reservedBranch(name: string, reservation: number): Release["branch"] {
  return { gid: `${name}-release-${reservation}`, transType: "msg", branchId: "01", op: "action" };
}

/**
 * As what the pieces go back that an order holds.
 *
 * A saga of somebody else may not have taken the pieces yet. Its own step is taken back then, and what was not taken
 * is not given back. One from long ago has, and its step can no longer be taken back, as the product service does not
 * know it for ever. All other pieces were there before the order was.
 */
export function releaseBranch(order: OrderRow, now: number): Release["branch"] {
  const { gid, stockBranch, reservation, createTime } = order;
  const isSettled = createTime.getTime() < now - SAGA_OPEN_MS_MAX;
  if (gid !== null && stockBranch !== "" && reservation === 0 && !isSettled) {
    return { gid, transType: "saga", branchId: stockBranch, op: "compensate" };
  }
  return reservedBranch(orderName(order), reservation);
}
