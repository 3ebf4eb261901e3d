import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import { demandPay } from "../demand-pay.ts";
import type { PrepayRequest, PrepayResponse } from "../gen/types.ts";

/** Opens an attempt to pay one's own payment; staff may do it for others. */
export async function prepay(
  context: ServiceContext,
  call: Call,
  request: PrepayRequest,
): Promise<PrepayResponse> {
  await demandPay(context, call, request.id);
  return context.payRpc.prepay(call, { ...request, clientAddress: call.clientAddress });
}
