import { AppError, type Code } from "@mall/kit/errors";
import type { Database, RowTransaction } from "@mall/kit/store";
import { createSagaModelGen, type SagaRow } from "./model/gen/saga-model.ts";

/** How far a saga is, as `saga.state` stores it. */
export const SAGA_STATE = { forward: 0, back: 1, succeeded: 2, failed: 3 } as const;

/** The row of a saga, without the times, which only operators read. */
export type StoredSaga = Omit<SagaRow, "createTime" | "updateTime">;

/** Whether nothing is left to do. */
export function isEnded(row: StoredSaga): boolean {
  return row.state === SAGA_STATE.succeeded || row.state === SAGA_STATE.failed;
}

/** The rows of sagas. Each move compares the row as it was read, so that of two drivers only one goes on. */
export interface SagaStore {
  insert(tx: RowTransaction, saga: Pick<StoredSaga, "gid" | "kind" | "payload">): Promise<StoredSaga>;
  find(gid: string): Promise<StoredSaga | undefined>;
  /** The step was refused. `progress` is 1 if it is to be compensated, 0 if it cannot have taken effect. */
  turnBack(row: StoredSaga, progress: 0 | 1, error: AppError): Promise<StoredSaga>;
  succeed(tx: RowTransaction, row: StoredSaga, answer: object): Promise<void>;
  fail(tx: RowTransaction, row: StoredSaga, error: AppError): Promise<void>;
}

/** Thrown if another process has moved the saga in the meantime. */
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

/** An error as a row stores it: the parts that callers may see. */
function storeError({ code, reason, message, field }: AppError): string {
  return JSON.stringify({ code, reason, message, field });
}

/** The error that a row stores. */
export function restoreError(text: string): AppError {
  const { code, reason, message, field } = JSON.parse(text) as {
    code: Code;
    reason: string;
    message: string;
    field?: string;
  };
  return new AppError(code, reason, message, { field });
}
