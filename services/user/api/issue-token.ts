import { signToken } from "@mall/kit/rest";
import type { ServiceContext } from "./context.ts";

/** Whose token it is, as the user rpc has said. */
export interface TokenOwner {
  readonly uid: number;
  readonly role: number;
  /** Unix second; tokens that are older are refused. */
  readonly notBefore?: number | undefined;
}

export interface IssuedToken {
  accessToken: string;
  /** Unix second. */
  accessExpire: number;
}

/**
 * A token of somebody whose password was right. It is as old as the question to the user rpc, at `askedAt`: what was
 * revoked after that, while the answer was on its way, is revoked with it.
 */
export function issueToken(
  { auth }: Pick<ServiceContext, "auth">,
  { uid, role, notBefore = 0 }: TokenOwner,
  askedAt: number,
): IssuedToken {
  const now = Math.max(Math.floor(askedAt / 1000), notBefore);
  const { AccessSecret: secret, AccessExpire: expireSeconds } = auth;
  return {
    accessToken: signToken({ secret, uid, role, now, expireSeconds }),
    accessExpire: now + expireSeconds,
  };
}
