/** What a flag is given: nothing, a value, a value if one follows, or several, with commas or said more than once. */
type Takes = "nothing" | "value" | "maybe" | "list";

/** A flag of a command. */
export interface Option {
  /** As help has it: `-s, --src <file>`. */
  readonly flags: string;
  readonly description: string;
  readonly short: string | undefined;
  readonly long: string;
  readonly takes: Takes;
  /** What its value is called among the flags: `dryRun` of `--dry-run`, `cache` of `--no-cache`. */
  readonly property: string;
  /** True for `--no-cache`: without it, `cache` is true. */
  readonly negated: boolean;
  readonly required: boolean;
  readonly hidden: boolean;
  readonly initial: FlagValue | undefined;
}

export type FlagValue = string | boolean | readonly string[];

const FLAGS = /^(?:(-\w), )?(--[\w-]+)(?: (<[^.>]+>|<[^>]+\.\.\.>|\[[^\]]+\]))?$/;

/** Reads `-s, --src <file>`, `--rpc [file]`, `-I, --proto_path <folder...>` and the like. */
export function readOption(
  flags: string,
  description: string,
  rest: Pick<Option, "required" | "hidden"> & { readonly initial?: FlagValue | undefined },
): Option {
  const [, short, long, value] = FLAGS.exec(flags) ?? [];
  if (long === undefined) throw new Error(`no flags of an option: ${flags}`);
  const negated = long.startsWith("--no-");
  const words = long.slice(negated ? 5 : 2).split("-");
  const property = words.map((word, index) => (index === 0 ? word : upperFirst(word))).join("");
  const initial = rest.initial ?? (negated ? true : undefined);
  return { flags, description, short, long, takes: takenBy(value), property, negated, ...rest, initial };
}

function takenBy(value: string | undefined): Takes {
  if (value === undefined) return "nothing";
  if (value.startsWith("[")) return "maybe";
  return value.endsWith("...>") ? "list" : "value";
}

function upperFirst(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
