import type { Call } from "@mall/kit/context";
import { addressOf } from "../client-limit.ts";
import type { ServiceContext } from "../context.ts";
import type { RegisterRequest, RegisterResponse } from "../gen/types.ts";

/** Makes an account. */
export async function register(
  context: ServiceContext,
  call: Call,
  request: RegisterRequest,
): Promise<RegisterResponse> {
  await context.registerLimit.take(call);
  return context.userRpc.register(call, { ...request, address: addressOf(call) });
}
