import { CommanderError } from "commander";
import { CommandError } from "./command-error.ts";
import { normalizeGoFlags } from "./go-flags.ts";
import type { Output } from "./output.ts";
import { createProgram } from "./program.ts";

/** Exit code of a command line that is not understood, as shells and Go's flag package have it. */
const USAGE = 2;

/**
 * Runs `mallctl` with its arguments.
 *
 * @returns the exit code: 0 done, 1 a contract or file is wrong, 2 the command line is.
 */
export async function runCli(args: readonly string[], output: Output): Promise<number> {
  try {
    await createProgram(output).parseAsync(normalizeGoFlags(args), { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
    if (!(error instanceof CommandError)) throw error;
    output.err(`${error.message}\n`);
    return 1;
  }
}
