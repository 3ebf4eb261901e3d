import type { Call } from "@mall/kit/context";
import { signToken } from "@mall/kit/rest";
import { addressOf } from "../client-limit.ts";
import type { ServiceContext } from "../context.ts";
import type { LoginRequest, LoginResponse } from "../gen/types.ts";

/** Exchanges mobile and password for a token. */
export async function login(
  context: ServiceContext,
  call: Call,
  request: LoginRequest,
): Promise<LoginResponse> {
  await context.loginLimit.take(call);
  const user = await context.userRpc.login(call, { ...request, address: addressOf(call) });
  const now = Math.floor(context.runtime.now() / 1000);
  const { AccessSecret: secret, AccessExpire: expireSeconds } = context.auth;
  return {
    accessToken: signToken({ secret, uid: user.id, role: user.role, now, expireSeconds }),
    accessExpire: now + expireSeconds,
  };
}
