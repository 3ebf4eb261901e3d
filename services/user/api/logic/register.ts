import type { Call } from "@mall/kit/call";
import { isPeersTwin } from "@mall/kit/rpc";
import { userExists } from "@mall/user/rpc/errors";
import { addressOf } from "../client-limit.ts";
import type { ServiceContext } from "../context.ts";
import type { RegisterRequest, RegisterResponse } from "../gen/types.ts";

/** Makes an account. */
export async function register(
  context: Pick<ServiceContext, "registerLimit" | "userRpc">,
  call: Call,
  request: RegisterRequest,
): Promise<RegisterResponse> {
  await context.registerLimit.take(call);
  try {
    return await context.userRpc.register(call, { ...request, address: addressOf(call) });
  } catch (error) {
    throw isPeersTwin(error) ? userExists() : error;
  }
}
