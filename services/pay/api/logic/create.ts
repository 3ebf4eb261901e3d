import { mayActFor } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import { isPeersTwin } from "@mall/kit/rpc";
import { payExists } from "@mall/pay/rpc/errors";
import { userNotFound } from "@mall/user/rpc/errors";
import type { ServiceContext } from "../context.ts";
import type { CreateRequest, CreateResponse } from "../gen/types.ts";

/** Opens the payment of one's own order; staff may do it for others. */
export async function create(
  { payRpc }: Pick<ServiceContext, "payRpc">,
  call: Call,
  request: CreateRequest,
): Promise<CreateResponse> {
  if (!mayActFor(call, request.uid)) throw userNotFound();
  try {
    return await payRpc.create(call, request);
  } catch (error) {
    throw isPeersTwin(error) ? payExists() : error;
  }
}
