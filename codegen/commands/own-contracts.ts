import { isAbsolute, normalize } from "node:path";
import { parseApi } from "../api/index.ts";
import { ContractError } from "../emit/index.ts";
import { parseProto } from "../proto/index.ts";
import { readTables, type SqlTable } from "../sql/index.ts";
import { CommandError } from "./command-error.ts";
import { protoImportsOf, readApi, readContract } from "./read-contract.ts";
import { checkLayer, described } from "./run-layer-command.ts";

/** Somebody's own contract for a part of a new service, with the files that it imports, as they stand beside it. */
export interface OwnContract {
  readonly source: string;
  /** Texts by their paths as seen from the contract's folder. */
  readonly imports: Readonly<Record<string, string>>;
}

/** @throws CommandError saying what is wrong with it, as `api validate` does. */
export async function readOwnApi(path: string, warn: (line: string) => void): Promise<OwnContract> {
  await checkLayer("api", path, warn);
  return described(path, async () => {
    const { source, fileName, readImport } = readApi(path);
    const imports: Record<string, string> = {};
    parseApi(source, fileName, (named) => {
      const file = readImport(named);
      if (file !== undefined) imports[besideContract(file.path, path)] = file.source;
      return file;
    });
    return { source, imports };
  });
}

/** What it calls its one service comes with it. */
export async function readOwnProto(path: string): Promise<OwnContract & { readonly service: string }> {
  return described(path, async () => {
    const { source, fileName } = readContract(path);
    const imports: Record<string, string> = {};
    const read = protoImportsOf(path, []);
    const { services } = parseProto(source, fileName, (named) => {
      const text = read(named);
      if (text !== undefined) imports[besideContract(named, path)] = text;
      return text;
    });
    const [service, ...others] = services.map(({ name }) => name);
    if (service === undefined || others.length > 0) {
      const names = [service, ...others].join(", ");
      throw new ContractError(
        fileName,
        { line: 1, column: 1 },
        `a process serves one service, and these are ${names}: make a contract of each`,
      );
    }
    return { source, imports, service: service.charAt(0).toUpperCase() + service.slice(1) };
  });
}

export async function readOwnTables(
  path: string,
): Promise<OwnContract & { readonly tables: readonly SqlTable[] }> {
  return described(path, async () => {
    const { source, fileName } = readContract(path);
    return { source, imports: {}, tables: readTables({ source, fileName }) };
  });
}

/** Imports come along, so they must fit beneath the folder that the contract gets. */
function besideContract(imported: string, contract: string): string {
  const path = normalize(imported);
  if (!isAbsolute(path) && !path.startsWith("..")) return path;
  throw new CommandError(
    `${contract}: imports ${imported}, which is not beside it: put both into one folder first`,
    undefined,
  );
}
