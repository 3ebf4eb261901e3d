import { mayActFor } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import { refundNotFound } from "@mall/pay/rpc/errors";
import type { ServiceContext } from "../context.ts";
import type { RefundDetailRequest, RefundDetailResponse } from "../gen/types.ts";

/** One refund, for the owner of its payment and for staff; somebody else's answers as not found. */
export async function refundDetail(
  context: ServiceContext,
  call: Call,
  request: RefundDetailRequest,
): Promise<RefundDetailResponse> {
  const refund = await context.payRpc.refundDetail(call, request);
  const { uid } = await context.payRpc.detail(call, { id: refund.id });
  if (!mayActFor(call, uid)) throw refundNotFound();
  return refund;
}
