import {
  accessSync,
  constants,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { AppError } from "@mall/kit/errors";
import type { Runtime } from "@mall/kit/runtime";

const SECRET_BYTES = 32;
/** As for `Auth.AccessSecret`. */
const SECRET_LENGTH_MIN = 8;

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

/**
 * The token secret kept in a data folder, or undefined where none was made yet.
 *
 * @throws AppError FAILED_PRECONDITION ACCESS_SECRET_UNUSABLE for a file that holds none.
 */
export function readAccessSecret(dataDir: string): string | undefined {
  const path = secretPathIn(dataDir);
  if (!existsSync(path)) return undefined;
  const secret = readFileSync(path, "utf8").trim();
  if (secret.length >= SECRET_LENGTH_MIN) return secret;
  const text = `${path} holds no secret of ${SECRET_LENGTH_MIN} characters or more: put the old one back, or remove the file for a new one, with which everybody must log in again`;
  throw new AppError("FAILED_PRECONDITION", "ACCESS_SECRET_UNUSABLE", text);
}

function secretPathIn(dataDir: string): string {
  return join(dataDir, "access-secret");
}

/** The token secret of a data folder, made at random the first time and readable by its owner only. */
export function ensureAccessSecret(dataDir: string, runtime: Runtime): string {
  const known = readAccessSecret(dataDir);
  if (known !== undefined) return known;
  const secret = Buffer.from(runtime.randomBytes(SECRET_BYTES)).toString("base64url");
  writeWhole(secretPathIn(dataDir), `${secret}\n`);
  return readAccessSecret(dataDir) ?? secret;
}

/**
 * Writes a file for its owner alone, whole or not at all, whatever happens to the process and its disk; one that is there
 * already stays.
 *
 * @throws AppError FAILED_PRECONDITION DATA_DIR_UNUSABLE, e.g. for a full disk.
 */
function writeWhole(path: string, text: string): void {
  const draft = `${path}.${process.pid}.new`;
  try {
    writeFileSync(draft, text, { mode: 0o600, flush: true });
    linkSync(draft, path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) {
      const message = `${path} cannot be written: make room on its disk or fix its owner and permissions, then start again`;
      throw new AppError("FAILED_PRECONDITION", "DATA_DIR_UNUSABLE", message, { cause: error });
    }
  } finally {
    rmSync(draft, { force: true });
  }
}
