import type { Call } from "@mall/kit/call";
import { pageLimit } from "@mall/kit/rpc";
import type { ServiceContext } from "../context.ts";
import type { ListRequest, ListResponse } from "../gen/pay.ts";
import { toDetail } from "./detail.ts";

/** A page of payments, of a user or in a state where that is asked for, newest first. */
export async function list(
  context: ServiceContext,
  _call: Call,
  request: ListRequest,
): Promise<ListResponse> {
  const { uid, status, before } = request;
  const limit = pageLimit(request.limit);
  const pays = await context.payModel.findPage({ uid, status, before, limit });
  return { data: pays.map(toDetail) };
}
