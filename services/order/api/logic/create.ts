import { mayActFor } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import { userNotFound } from "@mall/user/rpc/errors";
import type { ServiceContext } from "../context.ts";
import type { CreateRequest, CreateResponse } from "../gen/types.ts";

/** Orders a product for the caller; staff may order for others. */
export async function create(
  context: ServiceContext,
  call: Call,
  request: CreateRequest,
): Promise<CreateResponse> {
  if (!mayActFor(call, request.uid)) throw userNotFound();
  const { uid, pid, amount } = request;
  return context.orderRpc.create(call, { uid, pid, amount, status: 0 });
}
