import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { heading } from "./report.ts";
import { runCommand } from "./run-command.ts";
import { filesToRunAgain, readFailures } from "./second-run.ts";

/**
 * A test, or a file of tests, that takes longer hangs; it fails with its name instead of holding up the run. A thousand
 * simulated runs of the production shape take some minutes on a slow machine.
 */
const TEST_MS_MAX = 900_000;

/** What became of a run of test files. */
export interface TestRunResult {
  readonly isOk: boolean;
  /** The files that failed beside others and passed alone. */
  readonly flaky: readonly string[];
}

/** Runs test files side by side, and those that failed once more, one after the other, where that may help. */
export async function runTestFiles(
  files: readonly string[],
  env: NodeJS.ProcessEnv,
  { quiet = false } = {},
): Promise<TestRunResult> {
  const folder = mkdtempSync(join(tmpdir(), "mall-test-run-"));
  try {
    const record = join(folder, "failures");
    const isOk = (await runOnce(files, env, { concurrency: availableParallelism(), record, quiet })) === 0;
    const again = isOk ? [] : filesToRunAgain(readFailures(record));
    if (again.length === 0) return { isOk, flaky: [] };
    if (!quiet) process.stdout.write(heading("Tests that failed, once more", `${again.length} files, alone`));
    const exitCode = await runOnce(again, env, { concurrency: 1, quiet });
    return exitCode === 0 ? { isOk: true, flaky: again } : { isOk: false, flaky: [] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function runOnce(
  files: readonly string[],
  env: NodeJS.ProcessEnv,
  { concurrency, record, quiet }: { concurrency: number; record?: string; quiet: boolean },
): Promise<number> {
  const shown = quiet ? "dot" : "spec";
  const reporters = [[shown, quiet ? "stderr" : "stdout"]];
  if (record !== undefined) reporters.push([join(import.meta.dirname, "failures-reporter.ts"), record]);
  const options = reporters.flatMap(([reporter, destination]) => [
    `--test-reporter=${reporter}`,
    `--test-reporter-destination=${destination}`,
  ]);
  const bounds = [`--test-concurrency=${concurrency}`, `--test-timeout=${TEST_MS_MAX}`];
  return runCommand("node", ["--test", ...options, ...bounds, ...files], env);
}
