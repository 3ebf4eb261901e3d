import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { DetailResponse, SyncRequest } from "../gen/types.ts";
import { demandPay } from "./detail.ts";

/**
 * Asks the channels about the caller's own payment; staff may ask about anybody's.
 *
 * @throws AppError NOT_FOUND PAY_NOT_FOUND, also for somebody else's payment; RESOURCE_EXHAUSTED PAY_SYNC_LIMITED.
 */
export async function sync(
  context: ServiceContext,
  call: Call,
  request: SyncRequest,
): Promise<DetailResponse> {
  await demandPay(context, call, request.id);
  return context.payRpc.sync(call, request);
}
