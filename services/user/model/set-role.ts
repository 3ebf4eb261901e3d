import type { RowTransaction } from "@mall/kit/store";
import { revoke } from "./revoke.ts";
import type { UserModel, UserRow } from "./user-model.ts";

/**
 * Gives a user a role; where that takes rights away, tokens that were made with them are refused.
 *
 * @param now Milliseconds since the Unix epoch.
 * @returns from which Unix second on tokens count, 0 for all; undefined where the row has changed since it was read.
 */
export async function setRole(
  users: Pick<UserModel, "update">,
  user: UserRow,
  role: number,
  { now, tx }: { readonly now: number; readonly tx: RowTransaction },
): Promise<number | undefined> {
  if (role < user.role) return revoke(users, user, { now, changes: { role }, tx });
  const isGiven = await users.update(user.id, { role }, { expect: { role: user.role }, tx });
  return isGiven ? user.notBefore : undefined;
}
