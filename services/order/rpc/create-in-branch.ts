import type { BranchInfo, Call } from "@mall/kit/call";
import { checkOrder, checkPrice } from "./check-order.ts";
import type { ServiceContext } from "./context.ts";
import type { CreateRequest, CreateResponse } from "./gen/order.ts";
import { newOrder } from "./new-order.ts";

/**
 * Writes an order as a step of somebody else's saga, once. The pieces are another step's, so none are taken here,
 * and how many are left says nothing: they may be this order's already.
 */
export async function createInBranch(
  context: ServiceContext,
  call: Call,
  branch: BranchInfo,
  request: CreateRequest,
): Promise<CreateResponse> {
  checkPrice(await checkOrder(context, call, request), request);
  const row = { ...newOrder(context, request), gid: branch.gid, stockBranch: stockBranchOf(branch) };
  const { database, barrier, orderModel, metrics, expiryMessages } = context;
  const wrote = await database.transaction((tx) =>
    barrier.run(tx, branch, async () => {
      const id = await orderModel.insert(row, tx);
      if (row.expireTime) await expiryMessages.announce(tx, { id, endMs: row.expireTime.getTime() });
    }),
  );
  if (wrote) metrics.created();
  // A coordinator that has taken the step back already gets 0, which it ignores.
  return { id: (await orderModel.findOneByGid(branch.gid))?.id ?? 0 };
}

/** The step that takes the pieces: of a saga of two steps the other one, as in the branch `dtm` of go-zero-mall. */
function stockBranchOf({ branchId }: BranchInfo): string {
  return branchId === "01" ? "02" : "01";
}
