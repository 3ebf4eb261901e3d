import type { Option } from "./option.ts";

/** What help says of a command. */
export interface Described {
  /** With those that it belongs to: `mallctl api ts`. */
  readonly path: string;
  readonly description: string;
  readonly argument: { readonly name: string; readonly description: string } | undefined;
  readonly options: readonly Option[];
  readonly commands: readonly { readonly line: string; readonly description: string }[];
  readonly after: string;
}

export function helpText({ path, description, argument, options, commands, after }: Described): string {
  const shown = options.filter(({ hidden }) => !hidden);
  const usage = [path, "[options]", commands.length > 0 ? "[command]" : "", argument?.name ?? ""];
  return [
    `Usage: ${usage.filter((word) => word !== "").join(" ")}`,
    description,
    argument === undefined ? "" : part("Arguments", [[argument.name.slice(1, -1), argument.description]]),
    part("Options", [
      ...shown.map((option): Row => [option.flags, option.description + initialText(option)]),
      ["-h, --help", "display help for command"],
    ]),
    part(
      "Commands",
      commands.map((each): Row => [each.line, each.description]),
    ),
    after.trim(),
  ]
    .filter((text) => text !== "")
    .join("\n\n");
}

type Row = readonly [name: string, description: string];

function part(title: string, rows: readonly Row[]): string {
  if (rows.length === 0) return "";
  const width = Math.max(...rows.map(([name]) => name.length));
  return `${title}:\n${rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`.trimEnd()).join("\n")}`;
}

function initialText({ initial, negated }: Option): string {
  return initial === undefined || negated ? "" : ` (default: ${String(initial)})`;
}
