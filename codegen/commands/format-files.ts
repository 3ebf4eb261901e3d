import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { formatApi } from "../api/format/format-api.ts";
import { CommandError } from "./command-error.ts";
import { listFiles } from "./list-files.ts";
import type { Output } from "./output.ts";
import { putFiles } from "./put-files.ts";
import { described } from "./run-layer-command.ts";

/** Lays out a contract of the standard input. */
export async function formatInput(output: Output): Promise<void> {
  output.out((await formatted("stdin", await text(process.stdin))).trimEnd());
}

/**
 * Lays out the `.api` files of a folder, or a file; `check` only says which are laid out otherwise. What is wrong with
 * one file does not keep the others from being laid out.
 *
 * @throws CommandError with all that is wrong.
 */
export async function formatFiles(dir: string, check: boolean, output: Output): Promise<void> {
  const wrong: string[] = [];
  for (const path of await contractsIn(dir)) {
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

async function contractsIn(dir: string): Promise<string[]> {
  if ((await described(dir, () => stat(dir))).isFile()) return [dir];
  return listFiles(dir)
    .filter((path) => path.endsWith(".api"))
    .map((path) => join(dir, path));
}

function formatted(path: string, source: string): Promise<string> {
  return described(path, async () => formatApi(source, basename(path)));
}
