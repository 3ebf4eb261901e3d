import { existsSync, globSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { CommandError } from "./command-error.ts";

/**
 * The files of a contract that a pattern names, as goctl's `-src "./sql/*.sql"` does; a path names itself. The first is
 * the one that is called as the service around the layer's folder, where there is one; the rest are sorted.
 *
 * @throws CommandError where none matches.
 */
export function matchContracts(pattern: string, dir: string): [string, ...string[]] {
  if (!/[*?[{]/.test(pattern) || existsSync(pattern)) return [pattern];
  const files = globSync(pattern).sort();
  const service = `${basename(dirname(resolve(dir)))}.sql`;
  const main = files.find((file) => basename(file) === service) ?? files[0];
  if (main === undefined) throw new CommandError(`${pattern}: no such files`, undefined);
  return [main, ...files.filter((file) => file !== main)];
}
