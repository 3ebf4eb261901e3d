import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "@mall/kit/errors";

/**
 * Makes a folder among the temporary ones; `prefix` begins its name.
 *
 * @throws AppError FAILED_PRECONDITION TEMPORARY_FOLDER_UNUSABLE.
 */
export function makeTemporaryFolder(prefix: string): string {
  try {
    return mkdtempSync(join(tmpdir(), prefix));
  } catch (cause) {
    const text = `nothing can be made in ${tmpdir()}: set TMPDIR to a folder for temporary files`;
    throw new AppError("FAILED_PRECONDITION", "TEMPORARY_FOLDER_UNUSABLE", text, { cause });
  }
}
