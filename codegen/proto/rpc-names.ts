import type { ProtoContract } from "./contract.ts";

/** The names that the files of one rpc share. */
export interface RpcNames {
  readonly command: string;
  /** File name of the contract. */
  readonly source: string;
  /** Base name of the generated client file, e.g. `pay`. */
  readonly file: string;
  /** The client interface, e.g. `PayClient`. */
  readonly client: string;
  /** The service definition, e.g. `PayService`. */
  readonly service: string;
  /** The function that builds the server, e.g. `createPayServer`. */
  readonly createServer: string;
  /** Full names the service is served under; a client calls the first. */
  readonly served: readonly [string, string];
}

/**
 * The names of an rpc. go-zero's tutorial calls the package `payclient`, its repository `pay`; both
 * exist in running systems, so both are served, whichever the contract says.
 */
export function rpcNames(contract: ProtoContract, options: { fileName: string; name: string }): RpcNames {
  const service = contract.service.name;
  const base = contract.packageName.replace(/(?<=.)client$/, "");
  return {
    command: "mallctl rpc proto",
    source: options.fileName,
    file: options.name,
    client: `${service}Client`,
    service: `${service}Service`,
    createServer: `create${service}Server`,
    served: [`${base}.${service}`, `${base}client.${service}`],
  };
}
