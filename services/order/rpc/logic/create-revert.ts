import type { Call } from "@mall/kit/call";
import { takeBackCreate } from "../../dtm/branch-orders.ts";
import type { ServiceContext } from "../context.ts";
import { branchRequired } from "../errors.ts";
import type { CreateRequest, CreateResponse } from "../gen/order.ts";

/**
 * Compensates a Create that was a step of somebody else's saga.
 *
 * @throws AppError FAILED_PRECONDITION BRANCH_REQUIRED if the call is not a branch of a saga; as takeBackCreate.
 */
export async function createRevert(
  context: ServiceContext,
  { branch }: Call,
  _request: CreateRequest,
): Promise<CreateResponse> {
  if (branch === undefined) throw branchRequired();
  await takeBackCreate(context, branch);
  return { id: 0 };
}
