import { ROLE } from "@mall/kit/auth";
import type { Identity } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { createTokenVerifier, signToken } from "@mall/kit/rest";
import type { Runtime } from "@mall/kit/runtime";
import type { FoundSecret } from "../operator/access-secret.ts";

/** Enough for the demo, and soon worth nothing to whoever finds it in a terminal's history. */
const EXPIRE_SECONDS = 300;

/** The tokens that the demo plays the shop's staff and the payment gateway with. */
export interface Operators {
  readonly staff: string;
  readonly gateway: string;
  /** Where the tokens come from, for the reader. */
  readonly text: string;
  /** True where there was no secret to sign with, so that the customer has to do all alone. */
  readonly borrowed: boolean;
  /** True where the demo's customer is an admin, which the first user of a mall becomes. */
  readonly customerIsAdmin: boolean;
}

/**
 * Signs short-lived tokens for staff and gateway with the mall's secret. Without it, or where the secret
 * that lies about belongs to another mall, the customer's own token has to do: the first user is an admin
 * outside of mode pro. If the journey then gets through, that is what the customer was.
 *
 * @throws AppError FAILED_PRECONDITION WRONG_SECRET where the command line named a secret of another mall.
 */
export function createOperators(
  customer: { readonly token: string },
  secret: FoundSecret | undefined,
  runtime: Runtime,
): Operators {
  const identity = secret === undefined ? undefined : verified(customer.token, secret, runtime);
  if (secret === undefined || identity === undefined) return borrowing(customer.token);
  const now = Math.floor(runtime.now() / 1000);
  const sign = (uid: number, role: number): string =>
    signToken({ secret: secret.secret, uid, role, now, expireSeconds: EXPIRE_SECONDS });
  return {
    staff: sign(identity.uid, ROLE.staff),
    gateway: sign(0, ROLE.gateway),
    text: `Staff's and the gateway's tokens: signed with the secret in ${secret.origin}, valid for 5 minutes.`,
    borrowed: false,
    customerIsAdmin: identity.role === ROLE.admin,
  };
}

/** Who the mall's own token belongs to; undefined where a secret that nobody named does not fit it. */
function verified(
  token: string,
  { secret, origin, named }: FoundSecret,
  runtime: Runtime,
): Identity | undefined {
  try {
    return createTokenVerifier({ secret, runtime })(`Bearer ${token}`);
  } catch (error) {
    if (!named) return undefined;
    const message = `the access secret in ${origin} is not the one of this mall: name the one it was started with`;
    throw new AppError("FAILED_PRECONDITION", "WRONG_SECRET", message, { cause: error });
  }
}

function borrowing(token: string): Operators {
  const text =
    "No access secret of this mall is known: the customer's own token has to do for staff and gateway.";
  return { staff: token, gateway: token, text, borrowed: true, customerIsAdmin: true };
}
