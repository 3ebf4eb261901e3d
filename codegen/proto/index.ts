import type { GeneratedLayer } from "../emit/index.ts";
import { clientFile } from "./client-file.ts";
import type { ReadProto } from "./load-proto.ts";
import { logicFiles } from "./logic-files.ts";
import { parseProto } from "./parse-proto.ts";
import { rpcNames } from "./rpc-names.ts";
import { serverFile } from "./server-file.ts";

export type { ReadProto } from "./load-proto.ts";
export { parseProto } from "./parse-proto.ts";

/** A `.proto` contract to generate from. */
export interface GenerateRpcOptions {
  readonly source: string;
  /** File name as errors and headers say it, e.g. `pay.proto`. */
  readonly fileName: string;
  /** Base name of the generated files, e.g. `pay`. */
  readonly name: string;
  /** Gives the files that the contract imports; only the well-known ones by default. */
  readonly readImport?: ReadProto;
}

/**
 * The rpc layer of a `.proto` contract: `gen/<name>.ts`, `gen/server.ts`, and a scaffold of each
 * method's logic.
 *
 * @throws ContractError where the contract is malformed or uses what is not supported.
 */
export function generateRpc(options: GenerateRpcOptions): GeneratedLayer {
  const contract = parseProto(options.source, options.fileName, options.readImport);
  const names = rpcNames(contract, options);
  return {
    generated: [clientFile(contract, names), serverFile(names)],
    scaffolds: logicFiles(names),
  };
}
