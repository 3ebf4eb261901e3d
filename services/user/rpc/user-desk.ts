import { AppError } from "@mall/kit/errors";
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
}

export function createUserDesk(users: UserModel): UserDesk {
  return {
    find: (who) => find(users, who),
    unlock: async ({ id, unlocks }) => {
      // Where somebody else was first, theirs has had the same effect.
      await users.update(id, { unlocks: unlocks + 1 }, { expect: { unlocks } });
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
