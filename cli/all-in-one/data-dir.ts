import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Runtime } from "@mall/kit/context";
import { AppError } from "@mall/kit/errors";

const SECRET_BYTES = 32;

/**
 * Makes the data folder if it is missing and proves that it can be used.
 *
 * @throws AppError FAILED_PRECONDITION DATA_DIR_UNUSABLE.
 */
export function prepareDataDir(dataDir: string): void {
  try {
    makeFolder(dataDir);
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new AppError(
      "FAILED_PRECONDITION",
      "DATA_DIR_UNUSABLE",
      `data folder ${dataDir} cannot be read and written: fix its owner and permissions, or choose another with --data`,
      { cause: error },
    );
  }
}

/** Recursive only where parents are missing: below /proc Node's recursive form never returns. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  mkdirSync(path, { recursive: !existsSync(dirname(resolve(path))), mode: 0o700 });
}

/** Path of the SQLite database in a data folder. */
export function databasePathIn(dataDir: string): string {
  return join(dataDir, "mall.db");
}

/** The token secret kept in a data folder, or undefined where none was made yet. */
export function readAccessSecret(dataDir: string): string | undefined {
  const path = join(dataDir, "access-secret");
  return existsSync(path) ? readFileSync(path, "utf8").trim() : undefined;
}

/** The token secret of a data folder, made at random the first time and readable by its owner only. */
export function ensureAccessSecret(dataDir: string, runtime: Runtime): string {
  const known = readAccessSecret(dataDir);
  if (known !== undefined) return known;
  const secret = Buffer.from(runtime.randomBytes(SECRET_BYTES)).toString("base64url");
  writeFileSync(join(dataDir, "access-secret"), `${secret}\n`, { mode: 0o600, flag: "wx" });
  return secret;
}
