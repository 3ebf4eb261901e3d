import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { CloseRequest, CloseResponse } from "../gen/types.ts";
import { demandPay } from "./detail.ts";

/**
 * Closes the caller's own payment; staff may close anybody's.
 *
 * @throws AppError NOT_FOUND PAY_NOT_FOUND, also for somebody else's payment; ABORTED if its money has arrived.
 */
export async function close(
  context: ServiceContext,
  call: Call,
  request: CloseRequest,
): Promise<CloseResponse> {
  await demandPay(context, call, request.id);
  return context.payRpc.close(call, request);
}
