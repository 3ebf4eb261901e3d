import { existsSync, readFileSync } from "node:fs";

/** Stands for the file of a test that the runner did not tell the end of. */
export const UNKNOWN_FILE = "";

/** A test that failed. */
export interface Failure {
  /** The test file, as the runner names it. */
  readonly file: string;
  /** The name of the error's class where one was thrown, else what the runner says. */
  readonly error: string;
}

/** More files than this do not fail by chance. */
const FILES_MAX = 3;
/** What the checkers of money throw: that is never a matter of a slow machine. */
const VERDICT = "Violation";

/** What `failures-reporter.ts` has written to a file. */
export function readFailures(path: string): Failure[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line): Failure => JSON.parse(line));
}

/**
 * The files that may run once more, alone: tests of real processes share two cores with others, and now and then one
 * waits for longer than its limit. None where too many failed, where it is not known which, or where one of them
 * found money wrong, which no second run takes back.
 */
export function filesToRunAgain(failures: readonly Failure[]): string[] {
  const files = [...new Set(failures.map(({ file }) => file))];
  if (
    files.length > FILES_MAX ||
    files.includes(UNKNOWN_FILE) ||
    failures.some(({ error }) => error === VERDICT)
  )
    return [];
  return files;
}
