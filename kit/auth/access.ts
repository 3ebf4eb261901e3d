import type { Actor, Call, Identity } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { ROLE } from "./roles.ts";

/**
 * The caller of a route that needs a token.
 *
 * @throws AppError UNAUTHENTICATED where the call carries no identity.
 */
export function callerOf(call: Call): Identity {
  if (call.identity === undefined) {
    throw new AppError("UNAUTHENTICATED", "TOKEN_REQUIRED", "authorization token required");
  }
  return call.identity;
}

/** True for staff and admins, who may see and manage everybody's rows. */
export function isStaff(call: Call): boolean {
  const { role } = callerOf(call);
  return role === ROLE.staff || role === ROLE.admin;
}

/** True where the caller owns rows of `uid` or is staff. Others' rows answer as not found, so that ids tell nothing. */
export function mayActFor(call: Call, uid: number): boolean {
  const { uid: caller, role } = callerOf(call);
  return (caller === uid && role !== ROLE.gateway) || isStaff(call);
}

/**
 * Lets only the given roles pass.
 *
 * @throws AppError PERMISSION_DENIED.
 */
export function requireRole(call: Call, ...roles: readonly number[]): void {
  if (!roles.includes(callerOf(call).role)) {
    throw new AppError("PERMISSION_DENIED", "ROLE_REQUIRED", "无权执行此操作");
  }
}

/** Who a request acts for the mall by: its caller, where that is staff or an admin. Nobody else does. */
export function staffActor(identity: Identity | undefined, address: string): Actor | undefined {
  if (identity?.role !== ROLE.staff && identity?.role !== ROLE.admin) return undefined;
  return { who: `user:${identity.uid}`, role: identity.role, address };
}
