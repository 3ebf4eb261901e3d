import { mayActFor } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import { payNotFound } from "@mall/pay/rpc/errors";
import type { ServiceContext } from "../context.ts";
import type { DetailRequest, DetailResponse } from "../gen/types.ts";

/**
 * One payment, for its owner and for staff.
 *
 * @throws AppError NOT_FOUND PAY_NOT_FOUND, also for somebody else's payment.
 */
export async function detail(
  context: ServiceContext,
  call: Call,
  request: DetailRequest,
): Promise<DetailResponse> {
  const pay = await context.payRpc.detail(call, { ...request, allowCached: true });
  if (!mayActFor(call, pay.uid)) throw payNotFound();
  return pay;
}

/**
 * Lets only a payment's owner and staff pass. Not from the cache, so that a payment that was just created is found.
 *
 * @throws AppError NOT_FOUND PAY_NOT_FOUND, also for somebody else's payment, so that ids reveal nothing.
 */
export async function demandPay(context: ServiceContext, call: Call, id: number): Promise<void> {
  const pay = await context.payRpc.detail(call, { id });
  if (!mayActFor(call, pay.uid)) throw payNotFound();
}
