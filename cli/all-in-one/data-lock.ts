import { chmodSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { AppError } from "@mall/kit/errors";

/** https://www.sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;

/**
 * Makes a data folder this process's own until it ends, however it ends: a lock that SQLite holds on a file of its own,
 * which the system gives up with the process. Two malls on one folder would both be its sandbox bank, and stand in each
 * other's way at every write.
 *
 * @returns what gives the folder up.
 * @throws AppError FAILED_PRECONDITION: DATA_DIR_TAKEN where another process has it, else DATA_DIR_UNUSABLE.
 */
export function lockDataDir(dataDir: string): () => void {
  const path = join(dataDir, "mall.lock");
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(path, { timeout: 0 });
    lock.exec("BEGIN EXCLUSIVE");
    chmodSync(path, 0o600);
  } catch (error) {
    lock?.close();
    throw isBusy(error) ? taken(dataDir, error) : unusable(path, error);
  }
  const held = lock;
  return () => held.close();
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY;
}

function taken(dataDir: string, cause: unknown): AppError {
  const text = `data folder ${dataDir} is in use by another mall: stop that one, or choose another folder with --data`;
  return new AppError("FAILED_PRECONDITION", "DATA_DIR_TAKEN", text, { cause });
}

function unusable(path: string, cause: unknown): AppError {
  const text = `${path} cannot be locked: fix its owner and permissions and the room on its disk, or choose another folder with --data`;
  return new AppError("FAILED_PRECONDITION", "DATA_DIR_UNUSABLE", text, { cause });
}
