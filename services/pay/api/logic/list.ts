import { callerOf, isStaff, mayActFor } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import { userNotFound } from "@mall/user/rpc/errors";
import type { ServiceContext } from "../context.ts";
import type { DetailResponse, ListRequest } from "../gen/types.ts";

/** A page of one's own payments; staff may list anybody's, and everybody's. */
export async function list(
  context: ServiceContext,
  call: Call,
  { before = 0, limit = 0, status, ...request }: ListRequest,
): Promise<DetailResponse[]> {
  const uid = request.uid ?? (isStaff(call) ? undefined : callerOf(call).uid);
  if (uid !== undefined && !mayActFor(call, uid)) throw userNotFound();
  const { data } = await context.payRpc.list(call, { uid, status, before, limit });
  return data;
}
