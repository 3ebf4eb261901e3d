import { configError } from "./config-error.ts";
import { expandVariables } from "./expand-variables.ts";
import { pathText, type Step } from "./key-schema.ts";

/** What the environment holds, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Something about a configuration file that its reader should know although the process starts. */
export interface ConfigNote {
  /** `warn` for what is probably a mistake. */
  readonly level: "info" | "warn";
  readonly text: string;
}

/** One reading of a file. */
export interface Reading {
  readonly file: string;
  readonly environment: Environment;
  readonly notes: ConfigNote[];
  /** Paths whose values came from outside the file, and so are nobody's to show, with where each came from. */
  readonly foreign: Map<string, string>;
}

/**
 * A text of the file with its variables expanded; its path becomes foreign where it had any.
 *
 * @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE naming the key and the variable.
 */
export function expandKey(text: string, reading: Reading, path: readonly Step[]): string {
  const key = pathText(path);
  return expandVariables(text, (name) => {
    reading.foreign.set(key, `\${${name}}`);
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      throw configError(
        reading.file,
        `${key}: "\${" must begin a variable, as in \${NAME}; the text itself is written "$\${"`,
      );
    }
    const value = reading.environment[name];
    if (value !== undefined) return value;
    throw configError(reading.file, `${key} needs the environment variable ${name}, which is not set`);
  });
}
