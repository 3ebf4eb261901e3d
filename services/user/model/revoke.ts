import type { RowTransaction } from "@mall/kit/store";
import type { NewUserRow, UserModel, UserRow } from "./user-model.ts";

export interface RevokeOptions {
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** What else becomes of the row, in the same statement. */
  readonly changes: Pick<NewUserRow, "password" | "role" | "unlocks">;
  readonly tx?: RowTransaction;
}

/**
 * Has all tokens of a user refused that were made up to now: the Unix second from which on new ones count, or undefined
 * where the user's row has changed since it was read. That second is the next one, as tokens know no shorter time, and
 * another one each time, so that a token of the last time is refused too.
 */
export async function revoke(
  users: Pick<UserModel, "update">,
  { id, password, notBefore: before }: UserRow,
  { now, changes, tx }: RevokeOptions,
): Promise<number | undefined> {
  const notBefore = Math.max(Math.floor(now / 1000), before) + 1;
  const expect = { password, notBefore: before };
  return (await users.update(id, { ...changes, notBefore }, { expect, ...(tx && { tx }) }))
    ? notBefore
    : undefined;
}
