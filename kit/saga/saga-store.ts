import type { AppError } from "@mall/kit/errors";
import type { Database, RowTransaction } from "@mall/kit/store";
import { createSagaModelGen, type SagaRow } from "./model/gen/saga-model.ts";
import { storeError } from "./stored-error.ts";

/** How far a saga is, as `saga.state` holds it. */
export const SAGA_STATE = { forward: 0, back: 1, succeeded: 2, failed: 3 } as const;

/** A saga as its row says, without the times that only operators look at. */
export type StoredSaga = Omit<SagaRow, "createTime" | "updateTime">;

/** True where nothing is left to do. */
export function isEnded(row: StoredSaga): boolean {
  return row.state === SAGA_STATE.succeeded || row.state === SAGA_STATE.failed;
}

/** The rows of sagas. Whoever moves one says from where, so that of two who drive it one goes on. */
export interface SagaStore {
  insert(tx: RowTransaction, saga: Pick<StoredSaga, "gid" | "kind" | "payload">): Promise<StoredSaga>;
  find(gid: string): Promise<StoredSaga | undefined>;
  /** The steps so far are done. */
  advance(row: StoredSaga, progress: number): Promise<StoredSaga>;
  /** The last of `progress` steps was refused: from now on all of them are taken back. */
  turnBack(row: StoredSaga, progress: number, error: AppError): Promise<StoredSaga>;
  succeed(tx: RowTransaction, row: StoredSaga, answer: object): Promise<void>;
  fail(tx: RowTransaction, row: StoredSaga, error: AppError): Promise<void>;
}

/** Thrown where another process has moved the saga on in the meantime. */
export class SagaMovedOn extends Error {
  constructor(gid: string) {
    super(`saga ${gid} was moved on by another process`);
    this.name = "SagaMovedOn";
  }
}

/** The sagas of a service's database. */
export function createSagaStore(database: Database): SagaStore {
  const model = createSagaModelGen(database);
  const move = async (
    row: StoredSaga,
    changes: Partial<Pick<StoredSaga, "state" | "progress" | "answer" | "error">>,
    tx?: RowTransaction,
  ): Promise<StoredSaga> => {
    const expect = { state: row.state, progress: row.progress };
    const moved = await model.update(row.id, changes, { expect, ...(tx && { tx }) });
    if (!moved) throw new SagaMovedOn(row.gid);
    return { ...row, ...changes };
  };
  return {
    insert: async (tx, saga) => {
      const id = await model.insert(saga, tx);
      return { id, ...saga, state: SAGA_STATE.forward, progress: 0, answer: null, error: null };
    },
    find: (gid) => model.findOneByGid(gid),
    advance: (row, progress) => move(row, { progress }),
    turnBack: (row, progress, error) =>
      move(row, { state: SAGA_STATE.back, progress, error: storeError(error) }),
    succeed: async (tx, row, answer) => {
      await move(row, { state: SAGA_STATE.succeeded, answer: JSON.stringify(answer) }, tx);
    },
    fail: async (tx, row, error) => {
      await move(row, { state: SAGA_STATE.failed, error: storeError(error) }, tx);
    },
  };
}
