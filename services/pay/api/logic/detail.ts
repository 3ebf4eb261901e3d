import { mayActFor } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import { payNotFound } from "@mall/pay/rpc/errors";
import type { ServiceContext } from "../context.ts";
import type { DetailRequest, DetailResponse } from "../gen/types.ts";

/** One payment, for its owner and for staff; somebody else's answers as not found. */
export async function detail(
  context: ServiceContext,
  call: Call,
  request: DetailRequest,
): Promise<DetailResponse> {
  const pay = await context.payRpc.detail(call, { ...request, allowCached: true });
  if (!mayActFor(call, pay.uid)) throw payNotFound();
  return pay;
}
