import { mayActFor } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import { userNotFound } from "@mall/user/rpc/errors";
import type { ServiceContext } from "../context.ts";
import type { ListRequest, ListResponse } from "../gen/types.ts";

/** A page of the caller's own orders; staff may list anybody's. */
export async function list(
  context: ServiceContext,
  call: Call,
  request: ListRequest,
): Promise<ListResponse[]> {
  if (!mayActFor(call, request.uid)) throw userNotFound();
  const { uid, before = 0, limit = 0 } = request;
  const { data } = await context.orderRpc.list(call, { uid, before, limit });
  return data;
}
