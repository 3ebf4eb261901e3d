import { readFileSync } from "node:fs";
import { configError } from "./config-error.ts";
import { pathText, type Step } from "./key-schema.ts";
import { errorCode } from "./parse-file.ts";
import { expandKey, type Reading } from "./reading.ts";

/**
 * The secret in the file that a key names, without the line's end. The file's name is not repeated in
 * errors, because it may be the secret itself, put into the wrong key.
 *
 * @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE.
 */
export function readSecretFile(named: unknown, reading: Reading, path: readonly Step[]): string {
  const key = `${pathText(path)}File`;
  const origin = `${String(path.at(-1))}File`;
  if (typeof named !== "string" || named === "") throw configError(reading.file, `${key} must name a file`);
  const secret = readText(expandKey(named, reading, path), reading.file, key).replace(/\r?\n$/, "");
  reading.foreign.set(pathText(path), origin);
  if (secret === "") throw configError(reading.file, `${key}: the file is empty`);
  return secret;
}

function readText(path: string, file: string, key: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw configError(file, `${key}: the file cannot be read (${errorCode(error)})`);
  }
}
