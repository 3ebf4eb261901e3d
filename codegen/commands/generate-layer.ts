import { dirname } from "node:path";
import type { GeneratedLayer } from "../emit/index.ts";
import { protoImportsOf, readApi, readContract, readMigrations, readOtherTables } from "./read-contract.ts";

/** A layer of a service; each has one contract. */
export type LayerName = "model" | "api" | "rpc";

/** What the command line says beyond the contract. */
export interface LayerOptions {
  /** The layer's folder, the contract's by default. */
  readonly dir?: string;
  /** Whether models can be cached; the other layers have nothing to do with it. */
  readonly cache: boolean;
  /** What keys of rows in Redis start with; `cache` by default. */
  readonly cachePrefix?: string;
  /** The columns that inserts and updates leave out; goctl's names of times by default. */
  readonly ignoreColumns?: readonly string[];
  /** Paths of further files of a model's contract. */
  readonly others?: readonly string[];
  /** Folders that a `.proto` may import from. */
  readonly include?: readonly string[];
}

/**
 * What a contract file gives, nothing written yet. Loads the generator of that layer only.
 *
 * @throws ContractError, and the file system's error where the contract cannot be read.
 */
export async function generateLayer(
  layer: LayerName,
  contractPath: string,
  options: LayerOptions,
): Promise<GeneratedLayer> {
  if (layer === "api") {
    const { generateApi } = await import("../api/index.ts");
    return generateApi(readApi(contractPath));
  }
  const contract = readContract(contractPath);
  if (layer === "rpc") {
    const { generateRpc } = await import("../proto/index.ts");
    return generateRpc({ ...contract, readImport: protoImportsOf(contractPath, options.include ?? []) });
  }
  const { generateModel } = await import("../sql/index.ts");
  const { dir = dirname(contractPath), others: named = [], ...model } = options;
  const others = readOtherTables(contractPath, dir, named);
  return generateModel({
    ...contract,
    others,
    migrations: readMigrations(contractPath, dir),
    ...model,
  });
}
