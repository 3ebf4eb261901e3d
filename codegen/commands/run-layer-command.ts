import { dirname, join } from "node:path";
import { ContractError } from "../emit/index.ts";
import { CommandError } from "./command-error.ts";
import { matchContracts } from "./contract-pattern.ts";
import { generateLayer, type LayerName } from "./generate-layer.ts";
import { ForeignFileError, planLayer, writeLayer } from "./write-layer.ts";

/** One run of a generating command. */
export interface LayerCommand {
  /** Takes a line for each thing that is odd about the contract, and was passed over; nobody by default. */
  readonly warn?: (line: string) => void;
  readonly layer: LayerName;
  /** Path of the contract; of a model's also a pattern that several files match. */
  readonly contract: string;
  /** The layer's folder. */
  readonly dir: string;
  /** False writes `gen/` only. */
  readonly scaffold: boolean;
  /** Whether models can be cached. */
  readonly cache: boolean;
  /** What keys of rows in Redis start with. */
  readonly cachePrefix?: string;
  /** The columns that inserts and updates leave out; goctl's names of times by default. */
  readonly ignoreColumns?: readonly string[];
  /** True writes nothing. */
  readonly dryRun?: boolean;
  /** Folders that a `.proto` may import from. */
  readonly include?: readonly string[];
}

/**
 * Generates a layer and writes it; nothing is written where the contract has an error.
 *
 * @returns the paths of the files written.
 * @throws CommandError saying what is wrong and where, in terms of the paths that the user gave.
 */
export async function runLayerCommand(command: LayerCommand): Promise<string[]> {
  const { layer, dir, scaffold, dryRun, warn, ...options } = command;
  const named = command.contract;
  const [contract, ...others] = layer === "model" ? matchContracts(named, dir) : [named];
  return described(contract, async () => {
    const generated = await generateLayer(layer, contract, { ...options, dir, others });
    for (const warning of generated.warnings ?? []) warn?.(placeOf(warning, contract));
    if (dryRun) return planLayer(generated, dir, { scaffold });
    return await writeLayer(generated, dir, { scaffold });
  });
}

/**
 * Generates a layer and forgets it.
 *
 * @throws CommandError as runLayerCommand
 */
export async function checkLayer(
  layer: LayerName,
  contract: string,
  warn: (line: string) => void,
): Promise<void> {
  const { warnings = [] } = await described(contract, () => generateLayer(layer, contract, { cache: false }));
  for (const warning of warnings) warn(placeOf(warning, contract));
}

/**
 * Does what goes by a contract.
 *
 * @throws CommandError in place of what its user can mend, in terms of the path that the user gave.
 */
export async function described<T>(contract: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(describe(error, contract), error);
  }
}

const FILE_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  EISDIR: "is a folder, not a file",
  ENOTDIR: "is a file, not a folder",
  EEXIST: "is no folder",
  EACCES: "permission denied",
  EPERM: "not permitted",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
};

function describe(error: unknown, contract: string): string {
  if (error instanceof ContractError) {
    return [error, ...error.others].map((each) => placeOf(each, contract)).join("\n");
  }
  if (error instanceof ForeignFileError) return error.message;
  const { code = "", path = contract, syscall } = error as NodeJS.ErrnoException;
  if (syscall === undefined) throw error;
  return `${path}: ${FILE_ERRORS[code] ?? `cannot ${syscall} it (${code})`}`;
}

function placeOf({ file, position, detail }: ContractError, contract: string): string {
  return `${join(dirname(contract), file)}:${position.line}:${position.column}: ${detail}`;
}
