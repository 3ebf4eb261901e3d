import type { Call } from "@mall/kit/context";
import type { ServiceContext } from "../context.ts";
import type { RegisterRequest, RegisterResponse } from "../gen/types.ts";

/** Makes an account. */
export function register(
  context: ServiceContext,
  call: Call,
  request: RegisterRequest,
): Promise<RegisterResponse> {
  return context.userRpc.register(call, request);
}
