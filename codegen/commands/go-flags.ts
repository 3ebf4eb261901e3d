import type { Command } from "commander";

const LONG_FLAG = /^-(?=[a-z-]{2})(?!-)/;
const TRUTH = /^(--?[A-Za-z][a-z-]*)=(true|false)$/;

/**
 * Go programs take long flags with one dash, and the tutorials that readers follow write them so:
 * `-src ./pay.sql` becomes `--src ./pay.sql`. Flags of one letter stay. One that says nothing but yes may be said with
 * its value, so `-c=true` becomes `-c`, and `-c=false` nothing.
 */
export function normalizeGoFlags(args: readonly string[]): string[] {
  return args.flatMap((arg) => {
    const [, flag = arg, truth] = TRUTH.exec(arg) ?? [];
    return truth === "false" ? [] : [flag.replace(LONG_FLAG, "--")];
  });
}

/** What all of goctl's commands that write files take: how Go's files are called, and where templates come from. */
const GO_FLAGS = [
  "--style <name>",
  "--home <folder>",
  "--remote <url>",
  "--branch <name>",
  "--idea",
  "--strict",
];
/** What those that make an rpc take of what only Go has. */
export const GO_RPC_FLAGS = ["-c, --client", "--module <name>", "--name-from-filename", "-v, --verbose"];

/** Takes what goctl takes and what has no meaning here, with more of it that belongs to this command. */
export function ignoreGoFlags(command: Command, ...more: readonly string[]): Command {
  for (const flag of [...GO_FLAGS, ...more]) command.addOption(command.createOption(flag).hideHelp());
  return command;
}
