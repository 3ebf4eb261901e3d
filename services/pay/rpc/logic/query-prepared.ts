import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { QueryPreparedRequest, QueryPreparedResponse } from "../gen/pay.ts";

/**
 * Tells a DTM server whether the success that its message is about was recorded. If it was not, it never will be.
 *
 * @throws AppError ABORTED NOT_PREPARED if it was not; INVALID_ARGUMENT INVALID_BRANCH for a call without a branch.
 */
export async function queryPrepared(
  context: ServiceContext,
  call: Call,
  _request: QueryPreparedRequest,
): Promise<QueryPreparedResponse> {
  await context.barrier.queryPrepared(call.branch);
  return {};
}
