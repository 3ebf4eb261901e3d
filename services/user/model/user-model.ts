import type { Cache } from "@mall/kit/cache";
import type { Database, Transaction } from "@mall/kit/store";
import { createUserModelGen, type NewUserRow, type UserModelGen } from "./gen/user-model.ts";

export type { NewUserRow, UserRow } from "./gen/user-model.ts";

export interface UserModel extends UserModelGen {
  /**
   * Inserts a user who gets `roleOfFirst` if the table was empty, and else the row's own role. Two first
   * registrations at once leave one first user.
   */
  insertFirstAs(roleOfFirst: number, row: NewUserRow, tx?: Transaction): Promise<number>;
}

export function createUserModel(database: Database, cache?: Cache): UserModel {
  const model = createUserModelGen(database, cache);
  // Users are never deleted: once one was seen, later registrations need no look and may travel together.
  let someUserExists = false;
  const insertFirst = async (roleOfFirst: number, row: NewUserRow, tx: Transaction): Promise<number> => {
    // On MySQL the lock on the (empty) range makes a concurrent first insert wait or retry; SQLite has one writer.
    const lock = database.dialect === "mysql";
    const users = await model.findMany((query) => (lock ? query.limit(1).forUpdate() : query.limit(1)), tx);
    return model.insert(users.length === 0 ? { ...row, role: roleOfFirst } : row, tx);
  };
  return {
    ...model,
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
