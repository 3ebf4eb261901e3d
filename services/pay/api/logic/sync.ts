import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import { demandPay } from "../demand-pay.ts";
import type { DetailResponse, SyncRequest } from "../gen/types.ts";

/** Has the channels asked about one's own payment; staff may do it for others. */
export async function sync(
  context: ServiceContext,
  call: Call,
  request: SyncRequest,
): Promise<DetailResponse> {
  await demandPay(context, call, request.id);
  return context.payRpc.sync(call, request);
}
