import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { PrepayRequest, PrepayResponse } from "../gen/types.ts";
import { demandPay } from "./detail.ts";

/**
 * Opens an attempt at the caller's own payment; staff may do it for others.
 *
 * @throws AppError NOT_FOUND PAY_NOT_FOUND, also for somebody else's payment; else as the rpc's prepay.
 */
export async function prepay(
  context: ServiceContext,
  call: Call,
  request: PrepayRequest,
): Promise<PrepayResponse> {
  await demandPay(context, call, request.id);
  return context.payRpc.prepay(call, { ...request, clientAddress: call.clientAddress });
}
