import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { CallbackRequest, CallbackResponse } from "../gen/types.ts";

/**
 * Reports a payment as paid. Only for the token of a payment gateway or an admin: customers cannot declare their own
 * payments paid.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED.
 */
export async function callback(
  context: ServiceContext,
  call: Call,
  request: CallbackRequest,
): Promise<CallbackResponse> {
  requireRole(call, ROLE.gateway, ROLE.admin);
  return context.payRpc.callback(call, request);
}
