import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import type { ReadImport } from "../api/index.ts";
import type { ReadProto } from "../proto/index.ts";
import type { MigrationSource } from "../sql/index.ts";
import { CommandError } from "./command-error.ts";
import { listFiles } from "./list-files.ts";

/** A contract as it lies on disk. */
export interface ContractFile {
  readonly source: string;
  /** File name without its folder, e.g. `pay.proto`. */
  readonly fileName: string;
  /** File name without its extension, e.g. `pay`. */
  readonly name: string;
}

/** Contracts are small: waiting for each costs more than reading it. */
export function readContract(path: string): ContractFile {
  return { source: textAt(path), fileName: basename(path), name: basename(path, extname(path)) };
}

/** A `.api` contract with what it imports. */
export function readApi(path: string): ContractFile & { readonly readImport: ReadImport } {
  return { ...readContract(path), readImport: importsOf(path) };
}

/** Gives the files that a contract imports, by their path as seen from its folder. */
function importsOf(contractPath: string): ReadImport {
  const folder = dirname(contractPath);
  return (named) => {
    const path = relative(folder, resolve(folder, named));
    const source = textOf(join(folder, path));
    return source === undefined ? undefined : { path, source };
  };
}

/** How far up from a contract its imports are looked for: protoc is often run at the top of a repository. */
const FOLDERS_UP = 6;

/** Gives the files that a `.proto` imports: from `include`, beside the contract, or from a folder that it stands in. */
export function protoImportsOf(contractPath: string, include: readonly string[]): ReadProto {
  const folder = resolve(dirname(contractPath));
  const above = Array.from({ length: FOLDERS_UP }, (_, up) =>
    resolve(folder, ...Array<string>(up).fill("..")),
  );
  return (path) => firstText([...include, ...above].map((each) => resolve(each, path)));
}

function firstText(paths: readonly string[]): string | undefined {
  for (const path of paths) {
    const text = textOf(path);
    if (text !== undefined) return text;
  }
  return undefined;
}

function textOf(path: string): string | undefined {
  try {
    return textAt(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "EISDIR" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

/**
 * The other `.sql` files of a layer: those that were named, and, sorted, those beside its contract where that is in its
 * folder: further tables of the same owner, one file each if one likes. What is beside a contract of elsewhere has
 * nothing to do with it.
 */
export function readOtherTables(contractPath: string, dir: string, named: readonly string[]): ContractFile[] {
  const folder = dirname(contractPath);
  const beside =
    resolve(folder) === resolve(dir)
      ? readdirSync(folder)
          .filter((file) => file.endsWith(".sql"))
          .sort()
      : [];
  const fileNames = new Set([...named.map((path) => relative(folder, path)), ...beside]);
  fileNames.delete(basename(contractPath));
  return [...fileNames].map((fileName) => ({ ...readContract(join(folder, fileName)), fileName }));
}

/** The migrations of a layer: `migrations/*.sql`, none where there is no such folder. */
export function readMigrations(contractPath: string, dir: string): MigrationSource[] {
  const folder = join(dir, "migrations");
  const named = relative(dirname(contractPath), folder);
  const files = listFiles(folder).filter((file) => file.endsWith(".sql"));
  return files.map((file) => ({
    name: basename(file, ".sql"),
    fileName: join(named, file),
    source: textAt(join(folder, file)),
  }));
}

/** @throws CommandError for a file of another encoding: what Windows writes by `>`, among others. */
function textAt(path: string): string {
  const bytes = readFileSync(path);
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    throw new CommandError(`${path}: is text in UTF-16, expected UTF-8: save it so`, undefined);
  return bytes.toString();
}
