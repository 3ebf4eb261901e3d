import type { Cache } from "@mall/kit/cache";
import {
  type Database,
  DuplicateKeyError,
  type RowView,
  type ScannedPage,
  type Transaction,
} from "@mall/kit/store";
import { createFirstUserModelGen } from "./gen/first-user-model.ts";
import {
  createUserModelGen,
  createUserViewGen,
  type NewUserRow,
  type UserModelGen,
  type UserRow,
} from "./gen/user-model.ts";
import { searchUsers, type UserSearch } from "./search-users.ts";

export type { NewUserRow, UserRow } from "./gen/user-model.ts";

export interface UserModel extends UserModelGen {
  /**
   * Inserts a user who gets `roleOfFirst` if the table was empty, and else the row's own role. Two first
   * registrations at once leave one first user.
   */
  insertFirstAs(roleOfFirst: number, row: NewUserRow, tx?: Transaction): Promise<number>;
  /** A page of users, newest first; with a mobile in the order of mobiles. */
  search(search: UserSearch): Promise<ScannedPage<UserRow>>;
  /** Users whose tokens are refused from `since` on, a Unix second, or later; in the order of that second and of ids. */
  findRevoked(page: RevokedPage): Promise<UserRow[]>;
}

export interface RevokedPage {
  /** 1 at the least. */
  readonly since: number;
  /** Of that second only larger ids. */
  readonly after: number;
  readonly limit: number;
}

/** Users for questions. */
export function createUserView(database: Database, cache: Cache | undefined): RowView<UserRow> {
  return createUserViewGen(database, cache);
}

export function createUserModel(database: Database, cache?: Cache): UserModel {
  const model = createUserModelGen(database, cache);
  const firstUser = createFirstUserModelGen(database);
  // Users are never deleted: once one was seen, later registrations need no look and may travel together.
  let someUserExists = false;
  /** Two who see no user both try, on whatever nodes of a cluster: the key lets one through. */
  const becomeFirst = async (role: number, tx: Transaction): Promise<boolean> => {
    try {
      await firstUser.insert({ role }, tx);
      return true;
    } catch (error) {
      if (error instanceof DuplicateKeyError) return false;
      throw error;
    }
  };
  const insertFirst = async (roleOfFirst: number, row: NewUserRow, tx: Transaction): Promise<number> => {
    const users = await model.findMany((query) => query.limit(1), tx);
    const isFirst = users.length === 0 && (await becomeFirst(roleOfFirst, tx));
    return model.insert(isFirst ? { ...row, role: roleOfFirst } : row, tx);
  };
  return {
    ...model,
    findRevoked: ({ since, after, limit }) =>
      model.findMany((query) =>
        query
          .where("not_before", ">=", since)
          .where((all) => all.or([all("not_before", ">", since), all("id", ">", after)]))
          .orderBy("not_before")
          .orderBy("id")
          .limit(limit),
      ),
    search: (search) => searchUsers(model, search),
    insertFirstAs: async (roleOfFirst, row, tx) => {
      if (someUserExists) return model.insert(row, tx);
      // Not remembered: the caller's transaction may yet be rolled back.
      if (tx !== undefined) return insertFirst(roleOfFirst, row, tx);
      const id = await database.transaction((own) => insertFirst(roleOfFirst, row, own));
      someUserExists = true;
      return id;
    },
  };
}
