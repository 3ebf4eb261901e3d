import type { Database, RowTransaction } from "@mall/kit/store";
import { createIdempotencyModelGen, type IdempotencyRow } from "./model/gen/idempotency-model.ts";

export type { IdempotencyRow, NewIdempotencyRow } from "./model/gen/idempotency-model.ts";

/** States of a key: its request is being worked on, or has its answer. */
export const KEY_STATE = { running: 0, answered: 1 } as const;

/** The table of the keys. */
export function createIdempotencyModel(database: Database) {
  const model = createIdempotencyModelGen(database);
  // Looked up first: a change that finds no row would lock the gap where others insert theirs.
  const find = (tx: RowTransaction, reference: string): Promise<IdempotencyRow[]> =>
    model.findAllBy("reference", reference, tx);
  return {
    insert: model.insert,
    findByKey: (owner: string, key: string): Promise<IdempotencyRow | undefined> =>
      model.findOneByOwnerIdempotencyKey(owner, key),
    /** Records the answer of work under way; without such work nothing happens. */
    settle: async (tx: RowTransaction, reference: string, answer: string): Promise<void> => {
      for (const { id } of await find(tx, reference)) {
        const expect = { state: KEY_STATE.running };
        await model.update(id, { state: KEY_STATE.answered, answer }, { expect, tx });
      }
    },
    /** Gives the key of work under way back, as if it had never been used. */
    release: async (tx: RowTransaction, reference: string): Promise<void> => {
      for (const { id } of await find(tx, reference)) {
        await model.delete(id, { expect: { state: KEY_STATE.running }, tx });
      }
    },
    /** Deletes the oldest keys with an answer from before `createdAt`, at most `count`. */
    deleteOld: async (createdAt: number, count: number): Promise<void> => {
      const old = await model.findMany((query) =>
        query
          .where("created_at", "<", createdAt)
          .where("state", "=", KEY_STATE.answered)
          .orderBy("created_at")
          .limit(count),
      );
      if (old.length === 0) return;
      const ids = old.map(({ id }) => id);
      await database.query.deleteFrom("idempotency").where("id", "in", ids).execute();
    },
  };
}
