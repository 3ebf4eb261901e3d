import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { QueryPreparedRequest, QueryPreparedResponse } from "../gen/pay.ts";

/** Tells a DTM server whether the success that a message is about was recorded; if not, it never will be. */
export async function queryPrepared(
  context: ServiceContext,
  call: Call,
  _request: QueryPreparedRequest,
): Promise<QueryPreparedResponse> {
  await context.barrier.queryPrepared(call.branch);
  return {};
}
