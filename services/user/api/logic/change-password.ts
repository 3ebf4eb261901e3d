import { callerOf, ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import { addressOf } from "../client-limit.ts";
import type { ServiceContext } from "../context.ts";
import type { ChangePasswordRequest, ChangePasswordResponse } from "../gen/types.ts";
import { issueToken } from "../issue-token.ts";

/** Gives the caller another password and a token, in place of all that there were. */
export async function changePassword(
  context: ServiceContext,
  call: Call,
  request: ChangePasswordRequest,
): Promise<ChangePasswordResponse> {
  requireRole(call, ROLE.customer, ROLE.staff, ROLE.admin);
  const { uid } = callerOf(call);
  // Whoever has got hold of a token guesses at the password with it.
  await context.loginLimit.take(call);
  const askedAt = context.runtime.now();
  const claim = { ...request, id: uid, address: addressOf(call) };
  const answer = await context.userRpc.changePassword(call, claim);
  context.revocations.learn({ id: uid, notBefore: answer.notBefore });
  return issueToken(context, { ...answer, uid }, askedAt);
}
