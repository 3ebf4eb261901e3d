import type { GeneratedLayer } from "../emit/index.ts";
import type { ApiContract } from "./api-contract.ts";
import { genClient } from "./gen-client.ts";
import { genLogic } from "./gen-logic.ts";
import { genOpenApi } from "./gen-openapi.ts";
import { genRoutes } from "./gen-routes.ts";
import { genTypes } from "./gen-types.ts";
import { parseApi, type ReadImport } from "./parse.ts";

export interface GenerateApiOptions {
  /** The text of the contract. */
  readonly source: string;
  /** Its file name, e.g. `pay.api`; errors and the first line of each file name it. */
  readonly fileName: string;
  /** The service's short name, e.g. `pay`. */
  readonly name: string;
  /** Gives the files that the contract imports; none by default. */
  readonly readImport?: ReadImport;
}

/**
 * Everything that `mallctl api ts` makes from one `.api` file; paths are relative to the api folder.
 *
 * @throws ContractError naming file, line and column of what is wrong in the contract.
 */
export function generateApi({ source, fileName, name, readImport }: GenerateApiOptions): GeneratedLayer {
  const contract: ApiContract = { schema: parseApi(source, fileName, readImport), fileName, name };
  const { warnings = [] } = contract.schema;
  return {
    generated: [genTypes(contract), genRoutes(contract), genClient(contract), genOpenApi(contract)],
    scaffolds: genLogic(contract),
    warnings,
  };
}
