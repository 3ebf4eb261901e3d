import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { CallbackRequest, CallbackResponse } from "../gen/types.ts";

/** For a payment gateway's token or an admin's; a customer cannot declare a payment paid. */
export async function callback(
  context: ServiceContext,
  call: Call,
  request: CallbackRequest,
): Promise<CallbackResponse> {
  requireRole(call, ROLE.gateway, ROLE.admin);
  return context.payRpc.callback(call, request);
}
