import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import { demandPay } from "../demand-pay.ts";
import type { CloseRequest, CloseResponse } from "../gen/types.ts";

/** Closes one's own payment; staff may do it for others. */
export async function close(
  context: ServiceContext,
  call: Call,
  request: CloseRequest,
): Promise<CloseResponse> {
  await demandPay(context, call, request.id);
  return context.payRpc.close(call, request);
}
