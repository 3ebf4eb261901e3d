import { type ParseArgsConfig, parseArgs } from "node:util";
import { outliveReaders } from "@mall/kit/runtime";

/** Reads the flags of an npm script, which outlives its readers; exits with an error if one is unknown. */
export function readFlags<const Config extends ParseArgsConfig>(
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  outliveReaders();
  try {
    return parseArgs(config);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // The rest of Node's message explains how to pass a name that begins with a dash.
    return endOf(`${error.message.split(". ")[0]}; --help names the options`);
  }
}

/** A number given by a flag, at least `least`; exits with an error if it is not one. */
export function numberOf(flag: string, text: string, least = 0): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= least) return value;
  return endOf(`${flag} must be a number from ${least} on, not ${text}`);
}

/** A whole number given by a flag, at least `least`; exits with an error if it is not one. */
export function wholeNumberOf(flag: string, text: string, least = 0): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
  return endOf(`${flag} must be a whole number from ${least} on, not ${text}`);
}

/** Exits with one line that says why the command cannot run. */
export function endOf(line: string): never {
  process.stderr.write(`${line}\n`);
  process.exit(2);
}
