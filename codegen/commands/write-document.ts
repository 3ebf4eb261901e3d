import { basename, join } from "node:path";
import { describeApi } from "../api/describe-api.ts";
import { putFiles } from "./put-files.ts";
import { readApi } from "./read-contract.ts";
import { described } from "./run-layer-command.ts";

/** The OpenAPI document of a `.api` contract, and where it goes. */
export interface ApiDocument {
  /** Path of the contract. */
  readonly api: string;
  readonly dir: string;
  /** Without `.json`; the contract's by default. */
  readonly filename?: string;
}

/**
 * Describes an api.
 *
 * @returns the path of the document.
 * @throws CommandError as runLayerCommand
 */
export async function writeDocument({ api, dir, filename }: ApiDocument): Promise<string> {
  const path = join(dir, `${filename ?? basename(api, ".api")}.json`);
  await described(api, async () => {
    const document = describeApi(readApi(api));
    await putFiles(dir, [{ path, content: `${JSON.stringify(document, undefined, 2)}\n` }]);
  });
  return path;
}
