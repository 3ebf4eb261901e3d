import type { Call } from "@mall/kit/call";
import type { UserRow } from "../model/user-model.ts";
import type { ServiceContext } from "./context.ts";
import { loginLimited, wrongPassword } from "./errors.ts";

/** A password that somebody says is a user's. */
export interface PasswordClaim {
  readonly user: Pick<UserRow, "mobile" | "password" | "unlocks">;
  readonly password: string;
  /** Of the client that says so. */
  readonly address?: string | undefined;
}

/**
 * Resolves where the password is the user's own; each that is not counts as a guess at the account.
 *
 * @throws AppError WRONG_PASSWORD; LOGIN_LIMITED where there were too many guesses; PASSWORDS_BUSY.
 */
export async function checkPassword(
  { loginGuard, passwords }: Pick<ServiceContext, "loginGuard" | "passwords">,
  call: Call,
  { user, password, address }: PasswordClaim,
): Promise<void> {
  const attempt = await loginGuard.take({ account: accountOf(user), address });
  if (attempt.waitSeconds > 0) throw loginLimited(attempt.waitSeconds);
  const isRight = await passwords.matches(call, password, user.password).catch((error: unknown) => {
    // The password was not looked at, so it was no guess.
    attempt.giveBack();
    throw error;
  });
  if (!isRight) throw wrongPassword();
  attempt.succeed();
}

/**
 * The name that guesses at an account are counted under: another one after each time that an operator had them
 * forgotten, so that every process forgets them, wherever it counts.
 */
function accountOf({ mobile, unlocks }: PasswordClaim["user"]): string {
  return unlocks === 0 ? mobile : `${mobile}#${unlocks}`;
}
