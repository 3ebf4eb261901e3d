import type { Call } from "@mall/kit/call";
import { addressOf } from "../client-limit.ts";
import type { ServiceContext } from "../context.ts";
import type { LoginRequest, LoginResponse } from "../gen/types.ts";
import { issueToken } from "../issue-token.ts";

/** Exchanges mobile and password for a token. */
export async function login(
  context: ServiceContext,
  call: Call,
  request: LoginRequest,
): Promise<LoginResponse> {
  await context.loginLimit.take(call);
  const askedAt = context.runtime.now();
  const user = await context.userRpc.login(call, { ...request, address: addressOf(call) });
  return issueToken(context, { ...user, uid: user.id }, askedAt);
}
