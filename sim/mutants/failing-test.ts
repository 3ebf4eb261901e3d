import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { type Mutation, ROOT } from "./mutation.ts";
import { APPLY, MUTATION_VARIABLE } from "./mutations.ts";

/** What a test file fails with that runs with this mistake in the code; undefined where it passes. */
export function failingTest({ name }: Mutation, file: string): string | undefined {
  const { status, stdout } = spawnSync(
    process.execPath,
    ["--import", APPLY, "--test", "--test-reporter", "tap", join(ROOT, file)],
    { cwd: ROOT, encoding: "utf8", env: { ...process.env, [MUTATION_VARIABLE]: name } },
  );
  if (status === 0) return undefined;
  return /^ *not ok \d+ - (?!.*\.ts$)(.*)$/m.exec(stdout)?.[1] ?? `it ended with ${status}`;
}
