import { AppError } from "@mall/kit/errors";
import type { Runtime } from "@mall/kit/runtime";
import { type RevokeOptions, revoke } from "../model/revoke.ts";
import type { UserModel, UserRow } from "../model/user-model.ts";

const ID = /^[1-9][0-9]{0,15}$/;

/** What operators do to accounts, on the database: every process goes by it, wherever it runs. */
export interface UserDesk {
  /**
   * The account that is meant by a mobile or an id, or by one of them and no other: `mobile:10001`, `id:10001`.
   *
   * @throws AppError NOT_FOUND USER_NOT_FOUND; FAILED_PRECONDITION USER_AMBIGUOUS where two accounts may be meant.
   */
  find(who: string): Promise<UserRow>;
  /** Has the wrong passwords forgotten that were counted for an account, by all processes, wherever they count. */
  unlock(user: UserRow): Promise<void>;
  /** Has all tokens of an account refused that were made up to now. */
  revoke(user: UserRow): Promise<void>;
  /** As revoke, and has wrong guesses forgotten: nobody but who knows the new password gets in. */
  setPassword(user: UserRow, hash: string): Promise<void>;
  /** Gives a role; where it takes rights away, tokens that were made with them are refused. */
  setRole(user: UserRow, role: number): Promise<void>;
}

/** Others change the row too, each time as a rule once. */
const TRIES_MAX = 5;

export function createUserDesk(users: UserModel, runtime: Pick<Runtime, "now">): UserDesk {
  const change = async (
    user: UserRow,
    changes: (row: UserRow) => RevokeOptions["changes"],
  ): Promise<void> => {
    let row: UserRow | undefined = user;
    for (let tries = 0; tries < TRIES_MAX && row !== undefined; tries += 1) {
      const done = await revoke(users, row, { now: runtime.now(), changes: changes(row) });
      if (done !== undefined) return;
      row = await users.findOne(user.id);
    }
    throw new AppError("ABORTED", "USER_CHANGED", `user ${user.id} is being changed by others: try again`);
  };
  return {
    find: (who) => find(users, who),
    unlock: async ({ id, unlocks }) => {
      // Where somebody else was first, theirs has had the same effect.
      await users.update(id, { unlocks: unlocks + 1 }, { expect: { unlocks } });
    },
    revoke: (user) => change(user, () => ({})),
    setPassword: (user, password) => change(user, ({ unlocks }) => ({ password, unlocks: unlocks + 1 })),
    setRole: async (user, role) => {
      if (role >= user.role) await users.update(user.id, { role });
      else await change(user, () => ({ role }));
    },
  };
}

async function find(users: UserModel, who: string): Promise<UserRow> {
  const [, kind, name = ""] = /^(?:(id|mobile):)?(.*)$/s.exec(who) ?? [];
  const byMobile = kind === "id" ? undefined : await users.findOneByMobile(name);
  const byId = kind === "mobile" || !ID.test(name) ? undefined : await users.findOne(Number(name));
  const found = byMobile ?? byId;
  if (found === undefined) throw noSuchUser(who);
  if (byMobile !== undefined && byId !== undefined && byMobile.id !== byId.id) {
    throw new AppError(
      "FAILED_PRECONDITION",
      "USER_AMBIGUOUS",
      `${name} is the mobile of user ${byMobile.id} and the id of another: say mobile:${name} or id:${name}`,
    );
  }
  return found;
}

function noSuchUser(who: string): AppError {
  return new AppError(
    "NOT_FOUND",
    "USER_NOT_FOUND",
    `no user has the mobile or id ${who}: look it up, or name another database with --data, -f or --data-source`,
  );
}
