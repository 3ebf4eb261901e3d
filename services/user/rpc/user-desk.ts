import { createAudit, type Operator } from "@mall/kit/audit";
import { AppError } from "@mall/kit/errors";
import type { Database, RowTransaction } from "@mall/kit/store";
import { type RevokeOptions, revoke } from "../model/revoke.ts";
import { setRole } from "../model/set-role.ts";
import { createUserModel, type UserModel, type UserRow } from "../model/user-model.ts";
import { actOnUser } from "./act-on-user.ts";

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

/** On a cluster others change the row too, each time as a rule once. */
const TRIES_MAX = 5;

/** Accounts of a database; what `operator` does to them is written down. */
export function createUserDesk(database: Database, operator: Operator): UserDesk {
  const users = createUserModel(database);
  const parts = { audit: createAudit(database, "user"), userModel: users };
  const { runtime } = database;
  /** Changes the row as it stands by now, until it is the one that is changed. */
  const change = async (
    { id }: UserRow,
    work: (row: UserRow, tx: RowTransaction) => Promise<boolean>,
  ): Promise<void> => {
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const done = await database.transaction((tx) =>
        actOnUser(parts, operator.call, { tx, id, operation: operator.command }, async () => {
          const row = await users.lockOne(id, tx);
          if (row === undefined) throw noSuchUser(`id:${id}`);
          return work(row, tx);
        }),
      );
      if (done) return;
    }
    throw new AppError("ABORTED", "USER_CHANGED", `user ${id} is being changed by others: try again`);
  };
  const revokeWith = async (
    row: UserRow,
    tx: RowTransaction,
    changes: RevokeOptions["changes"],
  ): Promise<boolean> => (await revoke(users, row, { now: runtime.now(), changes, tx })) !== undefined;
  return {
    find: (who) => find(users, who),
    unlock: (user) =>
      change(user, ({ id, unlocks }, tx) =>
        users.update(id, { unlocks: unlocks + 1 }, { expect: { unlocks }, tx }),
      ),
    revoke: (user) => change(user, (row, tx) => revokeWith(row, tx, {})),
    setPassword: (user, password) =>
      change(user, (row, tx) => revokeWith(row, tx, { password, unlocks: row.unlocks + 1 })),
    setRole: (user, role) =>
      change(
        user,
        async (row, tx) => (await setRole(users, row, role, { now: runtime.now(), tx })) !== undefined,
      ),
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
