import type { Call } from "@mall/kit/call";
import type { Transaction } from "@mall/kit/store";
import { ORDER_STATUS } from "../../model/order-state.ts";
import { cancel } from "../cancel.ts";
import type { ServiceContext } from "../context.ts";
import { branchRequired, orderAlreadyPaid } from "../errors.ts";
import type { CreateRequest, CreateResponse } from "../gen/order.ts";

/**
 * Takes a Create back that was a step of somebody else's saga: cancels exactly the order that it wrote. One that came
 * to another end meanwhile stays as it is.
 *
 * @throws AppError FAILED_PRECONDITION where the call is no branch of a saga; ABORTED for an order that was paid
 * before the saga was decided: its coordinator asks again until the money went back.
 */
export async function createRevert(
  context: ServiceContext,
  { branch }: Call,
  _request: CreateRequest,
): Promise<CreateResponse> {
  if (branch === undefined) throw branchRequired();
  const { database, barrier } = context;
  await database.transaction((tx) => barrier.run(tx, branch, () => revert(context, tx, branch.gid)));
  return { id: 0 };
}

async function revert(context: ServiceContext, tx: Transaction, gid: string): Promise<void> {
  const order = await context.orderModel.findByGid(gid, tx);
  if (order === undefined) return;
  if (order.status === ORDER_STATUS.unpaid) await cancel(context, tx, order);
  // One that was reopened has pieces that are no longer the saga's.
  if (order.status === ORDER_STATUS.paid && order.reservation === 0) throw orderAlreadyPaid();
}
