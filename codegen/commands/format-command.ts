import type { Command } from "commander";
import type { Output } from "./output.ts";

interface Flags {
  readonly dir?: string;
  readonly stdin?: boolean;
  readonly check?: boolean;
}

/** `mallctl api format`: goctl's, and a check for CI. */
export function addFormatCommand(api: Command, output: Output): void {
  const command = api
    .command("format")
    .description("lays out .api files, in place")
    .option("-d, --dir <folder>", "a folder whose .api files, or a file that, is laid out")
    .option("--stdin", "read a contract from the standard input, and write it to the standard output")
    .option("--check", "write nothing; name the files that are not laid out so, and fail where there are any")
    .action(async ({ dir, stdin = false, check = false }: Flags, asked: Command) => {
      const { formatFiles, formatInput } = await import("./format-files.ts");
      if (stdin) return formatInput(output);
      if (dir === undefined) return asked.error("error: required option '-d, --dir <folder>' not specified");
      await formatFiles(dir, check, output);
    });
  for (const flag of ["--iu", "--declare"]) command.addOption(command.createOption(flag).hideHelp());
}
