import { type ParseArgsConfig, parseArgs } from "node:util";

/** Reads the flags of a command that npm runs; ends the process where they are none that it knows. */
export function readFlags<const Config extends ParseArgsConfig>(
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // What follows tells how to pass a name that begins with a dash.
    return endOf(`${error.message.split(". ")[0]}; --help names the options`);
  }
}

/** A number that a flag gives, `least` or more; ends the process where it is none. */
export function numberOf(flag: string, text: string, least = 0): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= least) return value;
  return endOf(`${flag} must be a number from ${least} on, not ${text}`);
}

/** A whole number that a flag gives, `least` or more; ends the process where it is none. */
export function wholeNumberOf(flag: string, text: string, least = 0): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
  return endOf(`${flag} must be a whole number from ${least} on, not ${text}`);
}

/** Ends the process with one line that says why its command cannot be done as it was given. */
export function endOf(line: string): never {
  process.stderr.write(`${line}\n`);
  process.exit(2);
}
