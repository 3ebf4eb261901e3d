import type { FlagValue, Option } from "./option.ts";
import { didYouMean } from "./similar.ts";

/** What a command was told. */
export interface Told {
  /** What is no flag, in its order. */
  readonly words: readonly string[];
  readonly flags: Readonly<Record<string, FlagValue>>;
}

/**
 * Reads the arguments of a command.
 *
 * @param refuse ends it with what is wrong.
 */
export function readArguments(
  args: readonly string[],
  options: readonly Option[],
  refuse: (what: string) => never,
): Told {
  const words: string[] = [];
  const flags: Record<string, FlagValue> = {};
  for (const { property, initial } of options) if (initial !== undefined) flags[property] = initial;
  const said = new Set<Option>();
  const left = [...args];
  for (let arg = left.shift(); arg !== undefined; arg = left.shift()) {
    if (arg === "--") words.push(...left.splice(0));
    else if (!/^-./.test(arg)) words.push(arg);
    else {
      const option = optionOf(arg, options, refuse);
      const value = takenValue(option, arg, left, refuse);
      const before = said.has(option) ? flags[option.property] : [];
      flags[option.property] =
        option.takes === "list" ? [...listOf(before), ...String(value).split(",")] : value;
      said.add(option);
    }
  }
  const missing = options.find((option) => option.required && !said.has(option));
  if (missing !== undefined) refuse(`required option '${missing.flags}' not specified`);
  return { words, flags };
}

function optionOf(arg: string, options: readonly Option[], refuse: (what: string) => never): Option {
  const [flag = ""] = arg.split("=", 1);
  const option = options.find(({ short, long }) => flag === short || flag === long);
  if (option !== undefined) return option;
  const known = options.filter(({ hidden }) => !hidden).map(({ long }) => long);
  return refuse(`unknown option '${flag}'${didYouMean(flag, known)}`);
}

/** What stands in the flag behind a sign, or what follows it, which then is gone from `left`. */
function takenValue(
  option: Option,
  arg: string,
  left: string[],
  refuse: (what: string) => never,
): string | boolean {
  const sign = arg.indexOf("=");
  const inside = sign < 0 ? undefined : arg.slice(sign + 1);
  if (option.takes === "nothing") {
    if (inside !== undefined) refuse(`option '${option.flags}' takes no value`);
    return !option.negated;
  }
  const follows = left[0] !== undefined && !/^-./.test(left[0]);
  if (option.takes === "maybe") return inside ?? (follows ? (left.shift() ?? true) : true);
  // As anywhere, what is asked for is taken, also where it looks like a flag.
  return inside ?? left.shift() ?? refuse(`option '${option.flags}' argument missing`);
}

function listOf(value: FlagValue | undefined): readonly string[] {
  return Array.isArray(value) ? value : [];
}
