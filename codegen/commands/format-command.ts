import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import type { Command } from "commander";
import { CommandError } from "./command-error.ts";
import { listFiles } from "./list-files.ts";
import type { Output } from "./output.ts";
import { putFiles } from "./put-files.ts";
import { described } from "./run-layer-command.ts";

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
      if (stdin) return output.out((await formatted("stdin", await text(process.stdin))).trimEnd());
      if (dir === undefined) return asked.error("error: required option '-d, --dir <folder>' not specified");
      await formatAll(await contractsIn(dir), check, output);
    });
  for (const flag of ["--iu", "--declare"]) command.addOption(command.createOption(flag).hideHelp());
}

async function contractsIn(dir: string): Promise<string[]> {
  if ((await described(dir, () => stat(dir))).isFile()) return [dir];
  return (await listFiles(dir)).filter((path) => path.endsWith(".api")).map((path) => join(dir, path));
}

/** What is wrong with one file does not keep the others from being laid out. */
async function formatAll(paths: readonly string[], check: boolean, output: Output): Promise<void> {
  const wrong: string[] = [];
  for (const path of paths) {
    try {
      const before = await described(path, () => readFile(path, "utf8"));
      const after = await formatted(path, before);
      if (after === before) continue;
      if (check) wrong.push(`${path}: not laid out as mallctl api format does it`);
      else {
        await described(path, () => putFiles(dirname(path), [{ path, content: after }]));
        output.out(path);
      }
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      wrong.push(error.message);
    }
  }
  if (wrong.length > 0) throw new CommandError(wrong.join("\n"), undefined);
}

async function formatted(path: string, source: string): Promise<string> {
  const { formatApi } = await import("../api/index.ts");
  return described(path, async () => formatApi(source, basename(path)));
}
