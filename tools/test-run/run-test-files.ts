import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { heading } from "./report.ts";
import { runCommand } from "./run-command.ts";
import { filesToRunAgain, readOutcomes } from "./second-run.ts";

/**
 * A test, or a file of tests, that takes longer hangs; it fails with its name instead of holding up the run. A thousand
 * simulated runs of the production shape take some minutes on a slow machine.
 */
const TEST_MS_MAX = 900_000;

/** One more than processors: many a test waits for what a process does by and by. */
const SIDE_BY_SIDE = availableParallelism() + 1;

/** Writes down what failed, and what ended. */
const OUTCOMES = join(import.meta.dirname, "outcomes-reporter.ts");

/** What became of a run of test files. */
export interface TestRunResult {
  readonly isOk: boolean;
  /** The files that failed beside others and passed alone. */
  readonly flaky: readonly string[];
}

const STDOUT = "stdout";

/**
 * Runs test files side by side, and those that failed once more, one after the other, where that may help.
 *
 * @param report file for what the runner tells; standard output by default.
 */
export async function runTestFiles(
  files: readonly string[],
  env: NodeJS.ProcessEnv,
  report = STDOUT,
): Promise<TestRunResult> {
  const folder = mkdtempSync(join(tmpdir(), "mall-test-run-"));
  try {
    const record = join(folder, "outcomes");
    const sideBySide = { concurrency: SIDE_BY_SIDE, reporters: [[OUTCOMES, record]] };
    const isOk = (await runOnce(files, env, report, sideBySide)) === 0;
    const again = isOk
      ? []
      : filesToRunAgain(
          readOutcomes(record),
          files.map((file) => resolve(file)),
        );
    if (again.length === 0) return { isOk, flaky: [] };
    if (report === STDOUT)
      process.stdout.write(heading("Tests that failed, once more", `${again.length} files, alone`));
    const exitCode = await runOnce(again, env, report, { concurrency: 1, reporters: [] });
    return exitCode === 0 ? { isOk: true, flaky: again } : { isOk: false, flaky: [] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function runOnce(
  files: readonly string[],
  env: NodeJS.ProcessEnv,
  report: string,
  { concurrency, reporters }: { concurrency: number; reporters: string[][] },
): Promise<number> {
  const options = [["spec", report], ...reporters].flatMap(([reporter, destination]) => [
    `--test-reporter=${reporter}`,
    `--test-reporter-destination=${destination}`,
  ]);
  const bounds = [`--test-concurrency=${concurrency}`, `--test-timeout=${TEST_MS_MAX}`];
  return runCommand("node", ["--test", ...options, ...bounds, ...files], env);
}
