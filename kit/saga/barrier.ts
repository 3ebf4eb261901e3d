import type { BranchInfo } from "@mall/kit/call";
import type { SagaConfig } from "@mall/kit/config";
import { AppError, invalidArgument } from "@mall/kit/errors";
import { createRowSweeper, type Database, type Transaction } from "@mall/kit/store";
import { removeOldBarriers } from "./old-rows.ts";

/** The first part of a branch; a branch that does several things in one call would count on. */
const BARRIER_ID = "01";

/** What an operation takes back; so that one that comes first keeps the other from ever happening. */
const ORIGIN: Readonly<Record<string, string>> = {
  cancel: "try",
  compensate: "action",
  rollback: "action",
};

/** Branch and operation of the local part of a message. */
export const MESSAGE_BRANCH = { branchId: "00", op: "msg" } as const;

/** What the barrier's columns hold, in characters. */
const LENGTH_MAX: Readonly<Record<keyof BranchInfo, number>> = {
  transType: 45,
  gid: 128,
  branchId: 128,
  op: 45,
};

/**
 * DTM's sub-transaction barrier: each operation of a branch takes effect once, whatever its coordinator repeats,
 * reorders or sends after it was taken back. Rows and rules are those of DTM's own clients
 * (dtm client/dtmcli/barrier.go), so branches in Go may share the table.
 */
export interface Barrier {
  /**
   * Does `work` in `tx` unless the branch has nothing left to do: it was done before, a compensation has come first,
   * or there is nothing to compensate. If `tx` is rolled back, the branch has not happened.
   *
   * @returns whether `work` ran
   * @throws AppError INVALID_ARGUMENT for a branch that no table holds; ABORTED DUPLICATED where the local part of
   * a message was done, or given up, before; and whatever `work` throws.
   */
  run(tx: Transaction, branch: BranchInfo, work: () => Promise<void>): Promise<boolean>;
  /**
   * Enters operations, none of which takes another back, in one statement. False where one of them has nothing left to
   * do: then `tx` is to be rolled back, and each of them to be run by itself.
   *
   * @throws AppError INVALID_ARGUMENT for a branch that no table holds.
   */
  enterAll(tx: Transaction, branches: readonly BranchInfo[]): Promise<boolean>;
  /**
   * Answers a coordinator that asks whether the local part of a message was done. If it was not, it never will be:
   * its transaction finds the row that this leaves behind.
   *
   * @throws AppError ABORTED if it was not done; INVALID_ARGUMENT for a call that is no branch.
   */
  queryPrepared(branch: BranchInfo | undefined): Promise<void>;
}

/** The barrier of a service's own database, where its effects are stored too. Old rows are removed as new ones come. */
export function createBarrier(database: Database, { Retention }: SagaConfig): Barrier {
  const ignore = database.dialect === "mysql" ? "INSERT IGNORE" : "INSERT OR IGNORE";
  const into = `${ignore} INTO barrier (trans_type, gid, branch_id, op, barrier_id, reason, create_time, update_time) VALUES `;
  const written = createRowSweeper({
    runtime: database.runtime,
    keptMs: Retention,
    remove: (before, count) => removeOldBarriers(database, before, count),
  });
  /** Whether none of the rows was there before. */
  const insertAll = async (tx: Transaction, rows: readonly BarrierRow[]): Promise<boolean> => {
    const now = database.wallTimes.toText(new Date(database.runtime.now()));
    const sql = into + rows.map(() => "(?, ?, ?, ?, ?, ?, ?, ?)").join(", ");
    const parameters = rows.flatMap(({ transType, gid, branchId, op, reason }) => [
      ...[transType, gid, branchId, op, BARRIER_ID, reason, now, now],
    ]);
    const { changes } = await tx.write({ sql, parameters });
    tx.afterEnd(async (end) => {
      if (end === "committed") for (let row = 0; row < changes; row += 1) await written();
    });
    return changes === rows.length;
  };
  const insert = (tx: Transaction, branch: BranchInfo, reason: string): Promise<boolean> =>
    insertAll(tx, [{ ...branch, reason }]);
  return {
    run: async (tx, branch, work) => {
      checkBranch(branch);
      const origin = ORIGIN[branch.op];
      const nothingDone = origin !== undefined && (await insert(tx, { ...branch, op: origin }, branch.op));
      const first = await insert(tx, branch, branch.op);
      if (!first && branch.op === MESSAGE_BRANCH.op) throw duplicated();
      if (nothingDone || !first) return false;
      await work();
      return true;
    },
    enterAll: async (tx, branches) => {
      for (const branch of branches) checkBranch(branch);
      if (branches.some(({ op }) => ORIGIN[op] !== undefined || op === MESSAGE_BRANCH.op)) return false;
      return insertAll(
        tx,
        branches.map((branch) => ({ ...branch, reason: branch.op })),
      );
    },
    queryPrepared: async (asked) => {
      const { transType = "", gid = "" } = asked ?? {};
      const branch = { transType, gid, ...MESSAGE_BRANCH };
      checkBranch(branch);
      const isNew = await database.transaction((tx) => insert(tx, branch, "rollback"));
      // Looked up in a new transaction, which sees what the insert has met.
      if (isNew || (await readReason(database, branch)) === "rollback") throw notDone();
    },
  };
}

/** What stands in a row: who keeps the operation from being done again. */
interface BarrierRow extends BranchInfo {
  readonly reason: string;
}

async function readReason(database: Database, { gid, branchId, op }: BranchInfo): Promise<unknown> {
  const sql = "SELECT reason FROM barrier WHERE gid = ? AND branch_id = ? AND op = ? AND barrier_id = ?";
  const [row] = await database.read({ sql, parameters: [gid, branchId, op, BARRIER_ID] });
  return row?.reason;
}

/** A longer text would be cut by MySQL, and then be the same as another's. */
function checkBranch(branch: BranchInfo): void {
  const { transType, gid, branchId, op } = branch;
  if ([transType, gid, branchId, op].includes("")) {
    const text = `invalid trans info: transInfo: ${transType} ${gid} ${branchId} ${op}`;
    throw new AppError("INVALID_ARGUMENT", "INVALID_BRANCH", text);
  }
  for (const [name, lengthMax] of Object.entries(LENGTH_MAX)) {
    const value: string = Reflect.get(branch, name);
    if (value.length > lengthMax) throw invalidArgument(name, `must be at most ${lengthMax} characters`);
  }
}

function duplicated(): AppError {
  return new AppError("ABORTED", "DUPLICATED", "the local part of this message was done or given up before");
}

function notDone(): AppError {
  return new AppError("ABORTED", "NOT_PREPARED", "the local part of this message was not done");
}
