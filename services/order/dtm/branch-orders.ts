import type { BranchInfo, Call } from "@mall/kit/call";
import type { Transaction } from "@mall/kit/store";
import { checkUnsold } from "../create/check-order.ts";
import { writeOrder } from "../create/new-order.ts";
import { ORDER_STATUS } from "../model/order-state.ts";
import { cancel } from "../release/release.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { orderAlreadyPaid } from "../rpc/errors.ts";
import type { CreateRequest, CreateResponse, OrderClient } from "../rpc/gen/order.ts";

/** The order rpc where a Create that is a step of somebody else's saga is answered as one. */
export function answerBranches(context: ServiceContext, server: OrderClient): OrderClient {
  return {
    ...server,
    create: (call, request) =>
      call.branch === undefined
        ? server.create(call, request)
        : createInBranch(context, call, call.branch, request),
  };
}

/** Writes an order as a step of somebody else's saga, once. The pieces are another step's, so none are taken here. */
async function createInBranch(
  context: ServiceContext,
  call: Call,
  branch: BranchInfo,
  request: CreateRequest,
): Promise<CreateResponse> {
  await checkUnsold(context, call, request);
  const { database, barrier, orderModel, metrics } = context;
  const names = { gid: branch.gid, stockBranch: stockBranchOf(branch) };
  const wrote = await database.transaction((tx) =>
    barrier.run(tx, branch, async () => {
      await writeOrder(context, tx, request, names);
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

/**
 * Takes a Create back that was a step of somebody else's saga: cancels exactly the order that it wrote. One that came
 * to another end meanwhile stays as it is.
 *
 * @throws AppError ABORTED ORDER_ALREADY_PAID for an order that was paid before the saga was decided: its coordinator
 * asks again until the money went back.
 */
export async function takeBackCreate(context: ServiceContext, branch: BranchInfo): Promise<void> {
  const { database, barrier } = context;
  await database.transaction((tx) => barrier.run(tx, branch, () => cancelOf(context, tx, branch.gid)));
}

async function cancelOf(context: ServiceContext, tx: Transaction, gid: string): Promise<void> {
  const order = await context.orderModel.findByGid(gid, tx);
  if (order === undefined) return;
  if (order.status === ORDER_STATUS.unpaid) await cancel(context, tx, order);
  // One that was reopened has pieces that are no longer the saga's.
  if (order.status === ORDER_STATUS.paid && order.reservation === 0) throw orderAlreadyPaid();
}
