import { existsSync, readFileSync } from "node:fs";

/** Stands for the file of a test that the runner did not tell the end of. */
export const UNKNOWN_FILE = "";

/** A test that failed, or a file all of whose tests passed. */
export interface Outcome {
  /** The test file, as the runner names it. */
  readonly file: string;
  /** The name of the error's class where one was thrown, else what the runner says; undefined of a file that passed. */
  readonly error?: string;
}

/** More files than this do not fail by chance. */
const FILES_MAX = 3;
/** What the checkers of money throw: that is never a matter of a slow machine. */
const VERDICT = "Violation";

/** What `outcomes-reporter.ts` has written to a file. */
export function readOutcomes(path: string): Outcome[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line): Outcome => JSON.parse(line));
}

/**
 * The files that may run once more, alone: tests of real processes share two cores with others, and now and then one
 * waits for longer than its limit. None where too many failed, where it is not known which, where one of them found
 * money wrong, which no second run takes back, or where a file never ended, since the runner itself was killed.
 *
 * @param asked the files that were to run, absolute.
 */
export function filesToRunAgain(outcomes: readonly Outcome[], asked: readonly string[]): string[] {
  const ended = new Set(outcomes.map(({ file }) => file));
  const failures = outcomes.filter(({ error }) => error !== undefined);
  const failed = [...new Set(failures.map(({ file }) => file))];
  const isNoAccident =
    failed.length > FILES_MAX ||
    failed.includes(UNKNOWN_FILE) ||
    failures.some(({ error }) => error === VERDICT) ||
    asked.some((file) => !ended.has(file));
  return isNoAccident ? [] : failed;
}
