import { kebabCase } from "../emit/index.ts";
import type { ProtoContract, ProtoService } from "./contract.ts";

/** The names that the files of one rpc share. */
export interface RpcNames {
  readonly command: string;
  /** File name of the contract. */
  readonly source: string;
  /** Base name of the generated client file, e.g. `pay`. */
  readonly file: string;
  /** Of each of its services, in the contract's order. */
  readonly services: readonly ServiceNames[];
}

export interface ServiceNames {
  readonly service: ProtoService;
  /** The client interface, e.g. `PayClient`. */
  readonly client: string;
  /** The service definition, e.g. `PayService`. */
  readonly definition: string;
  /** The function that builds the server, e.g. `createPayServer`. */
  readonly createServer: string;
  /** Full names the service is served under; a client calls the first, which is the contract's. */
  readonly served: readonly string[];
  /** The folder of its logic: `logic`, or below it where the contract has several services. */
  readonly logic: string;
}

export function rpcNames(contract: ProtoContract, options: { fileName: string; name: string }): RpcNames {
  const several = contract.services.length > 1;
  return {
    command: "mallctl rpc proto",
    source: options.fileName,
    file: options.name,
    services: contract.services.map((service) => {
      const name = service.name.charAt(0).toUpperCase() + service.name.slice(1);
      return {
        service,
        client: `${name}Client`,
        definition: `${name}Service`,
        createServer: `create${name}Server`,
        served: servedNames(contract.packageName, service.name),
        logic: several ? `logic/${kebabCase(service.name)}` : "logic",
      };
    }),
  };
}

/**
 * go-zero's tutorial calls the package `payclient`, its repository `pay`; both exist in running systems, so both are
 * served. Who calls goes by the contract, as somebody else may serve it.
 */
function servedNames(packageName: string, service: string): string[] {
  if (packageName === "") return [service];
  const base = packageName.replace(/(?<=.)client$/, "");
  const other = base === packageName ? `${base}client` : base;
  return [`${packageName}.${service}`, `${other}.${service}`];
}
