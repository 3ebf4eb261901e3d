import type { BranchInfo, Call } from "@mall/kit/call";
import type { Transaction } from "@mall/kit/store";
import { checkUnsold, writeOrder } from "../create/new-order.ts";
import { ORDER_STATUS } from "../model/order-state.ts";
import { cancel } from "../release/release.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { orderAlreadyPaid } from "../rpc/errors.ts";
import type { CreateRequest, CreateResponse, OrderClient } from "../rpc/gen/order.ts";

/** The order rpc with a Create that is a step of somebody else's saga answered as such. */
export function answerBranches(context: ServiceContext, server: OrderClient): OrderClient {
  return {
    ...server,
    create: (call, request) =>
      call.branch === undefined
        ? server.create(call, request)
        : createInBranch(context, call, call.branch, request),
  };
}

/** Writes an order as a step of somebody else's saga, once. Another step takes the pieces, so none are taken here. */
async function createInBranch(
  context: ServiceContext,
  call: Call,
  branch: BranchInfo,
  request: CreateRequest,
): Promise<CreateResponse> {
  await checkUnsold(context, call, request);
  const wrote = await context.database.transaction((tx) =>
    context.barrier.run(tx, branch, async () => {
      await writeOrder(context, tx, request, { gid: branch.gid, stockBranch: stockBranchOf(branch) });
    }),
  );
  if (wrote) context.metrics.created();
  // 0 if the coordinator has already compensated this step; it ignores the answer then.
  return { id: (await context.orderModel.findOneByGid(branch.gid))?.id ?? 0 };
}

/** The step that takes the pieces: the other one of two, as in the saga on go-zero-mall's branch `dtm`. */
function stockBranchOf({ branchId }: BranchInfo): string {
  return branchId === "01" ? "02" : "01";
}

/**
 * Compensates a Create that was a step of somebody else's saga: cancels exactly the order that it wrote, if that is
 * still unpaid.
 *
 * @throws AppError ABORTED ORDER_ALREADY_PAID if the order was paid before the saga was decided; the coordinator
 * retries until the money has been refunded.
 */
export async function takeBackCreate(context: ServiceContext, branch: BranchInfo): Promise<void> {
  const { database, barrier } = context;
  await database.transaction((tx) => barrier.run(tx, branch, () => cancelOf(context, tx, branch.gid)));
}

async function cancelOf(context: ServiceContext, tx: Transaction, gid: string): Promise<void> {
  const order = await context.orderModel.findByGid(gid, tx);
  if (order === undefined) return;
  if (order.status === ORDER_STATUS.unpaid) await cancel(context, tx, order);
  // A reopened order holds pieces that the saga did not take.
  if (order.status === ORDER_STATUS.paid && order.reservation === 0) throw orderAlreadyPaid();
}
