import type { AppError } from "@mall/kit/errors";
import type { Database, Transaction } from "@mall/kit/store";
import { createSagaModelGen, type SagaRow } from "./model/gen/saga-model.ts";
import { storeError } from "./stored-error.ts";

/** How far a saga is, as `saga.state` holds it. */
export const SAGA_STATE = { forward: 0, back: 1, succeeded: 2, failed: 3 } as const;

/** True where nothing is left to do. */
export function isEnded(row: SagaRow): boolean {
  return row.state === SAGA_STATE.succeeded || row.state === SAGA_STATE.failed;
}

/** The rows of sagas. Whoever moves one says from where, so that of two who drive it one goes on. */
export interface SagaStore {
  insert(tx: Transaction, saga: { gid: string; kind: string; payload: string }): Promise<void>;
  find(gid: string): Promise<SagaRow | undefined>;
  /** The steps so far are done. */
  advance(row: SagaRow, progress: number): Promise<SagaRow>;
  /** The last of `progress` steps was refused: from now on all of them are taken back. */
  turnBack(row: SagaRow, progress: number, error: AppError): Promise<SagaRow>;
  succeed(tx: Transaction, row: SagaRow, answer: object): Promise<void>;
  fail(tx: Transaction, row: SagaRow, error: AppError): Promise<void>;
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
    row: SagaRow,
    changes: Partial<Pick<SagaRow, "state" | "progress" | "answer" | "error">>,
    tx?: Transaction,
  ): Promise<SagaRow> => {
    const expect = { state: row.state, progress: row.progress };
    const moved = await model.update(row.id, changes, { expect, ...(tx && { tx }) });
    if (!moved) throw new SagaMovedOn(row.gid);
    return { ...row, ...changes };
  };
  return {
    insert: async (tx, saga) => {
      await model.insert(saga, tx);
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
