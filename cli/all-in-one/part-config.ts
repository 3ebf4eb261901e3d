import {
  checkConfig,
  restConfig,
  rpcClientConfig,
  rpcServerConfig,
  type ShutdownConfig,
} from "@mall/kit/config";
import { publishedAddress } from "@mall/kit/discovery";
import { AppError } from "@mall/kit/errors";
import {
  type AnyApiProcess,
  type AnyRpcProcess,
  isTried,
  type SharedApiConfig,
  type SharedRpcConfig,
} from "@mall/kit/process";
import { formatAddress } from "@mall/kit/rpc";
import { type AllInOneConfig, blockIn, SERVICES } from "./config.ts";

/** What the parts of the process have of their own, or what only it can tell them. */
export interface PartOptions {
  readonly config: AllInOneConfig;
  readonly dataSource: string;
  readonly accessSecret: string;
}

/** go-zero's default of Shutdown.WrapUpTime. */
const WRAP_UP_MS = 1000;

/** Every neighbour is a function call away: its block says no more than how long a call may take. */
export const NEIGHBOUR = checkConfig("(defaults)", {}, rpcClientConfig);

/** go-zero's defaults of the keys that the file of the whole mall does not have. */
const RPC_DEFAULTS = checkConfig("(defaults)", { Name: "rpc", ListenOn: ":0" }, rpcServerConfig);
const REST_DEFAULTS = checkConfig("(defaults)", { Name: "api", Port: 0 }, restConfig);

/** What those defaults leave a request to answer a method that took all of its time, milliseconds. */
const ANSWER_MS = REST_DEFAULTS.Timeout - RPC_DEFAULTS.Timeout;

/** The configuration of an rpc within the process: whatever the process's own file says, and the service's block. */
export function rpcPartConfig(
  { config, dataSource }: PartOptions,
  service: { readonly block: string; readonly rpc: AnyRpcProcess },
): SharedRpcConfig {
  const { Api, Rpc = 0, ...block } = blockIn(config, service.block);
  return {
    ...RPC_DEFAULTS,
    ...config,
    ...block,
    ...neighboursIn(config),
    Name: service.rpc.name,
    ListenOn: formatAddress({ host: config.RpcHost, port: Rpc }),
    Mysql: { DataSource: dataSource },
    Shutdown: shutdownOf(config),
    // Both have another meaning here: the secret of people's tokens, and how long a request may take.
    Auth: false,
    Timeout: methodTimeoutMs(config),
  };
}

/** As {@link rpcPartConfig}, of an api. */
export function apiPartConfig(
  { config, accessSecret }: PartOptions,
  service: { readonly block: string; readonly api: AnyApiProcess },
): SharedApiConfig {
  const { Api = 0, Rpc, ...block } = blockIn(config, service.block);
  return {
    ...REST_DEFAULTS,
    ...config,
    ...block,
    ...neighboursIn(config),
    Name: service.api.name,
    Port: Api,
    Shutdown: shutdownOf(config),
    Auth: { AccessSecret: accessSecret, AccessExpire: config.Auth.AccessExpire },
  };
}

/**
 * How long a method may take, milliseconds; 0 for no limit. A file gives one time, the request's: what is longer than
 * usual is no longer for the request alone, but for the methods that it waits for too.
 */
export function methodTimeoutMs({ Timeout }: Pick<AllInOneConfig, "Timeout">): number {
  if (Timeout === 0) return 0;
  return Math.max(RPC_DEFAULTS.Timeout, Timeout - ANSWER_MS);
}

/** The file's block with its default, which goes by the mode. */
export function shutdownOf({ Mode, Shutdown }: AllInOneConfig): ShutdownConfig {
  return { ...Shutdown, WrapUpTime: Shutdown.WrapUpTime ?? (isTried(Mode) ? 0 : WRAP_UP_MS) };
}

/** A DTM server finds neighbours on their ports; over here they are no more than a function call away. */
function neighboursIn(config: AllInOneConfig): Record<`${string}Rpc`, typeof NEIGHBOUR> {
  const { Dtm, RpcHost } = config;
  const near = { ...NEIGHBOUR, Timeout: methodTimeoutMs(config) };
  const portOf = (block: string): number => blockIn(config, block).Rpc ?? 0;
  const addressOf = (block: string): string =>
    publishedAddress(formatAddress({ host: RpcHost, port: portOf(block) }));
  return Object.fromEntries(
    SERVICES.filter(({ rpc }) => rpc !== undefined).map(({ block }) => [
      `${block}Rpc`,
      Dtm === undefined ? near : { ...near, Endpoints: [addressOf(block)] },
    ]),
  );
}

/**
 * A DTM server calls rpc ports of this process, and must know them beforehand.
 *
 * @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE naming the key.
 */
export function refuseUnknownPorts(config: AllInOneConfig): void {
  const { Dtm } = config;
  if (Dtm === undefined) return;
  for (const block of ["Product", ...(Dtm.Self === "" ? ["Order", "Pay"] : [])]) {
    if (blockIn(config, block).Rpc !== 0) continue;
    const field = `${block}.Rpc`;
    const text = `${field} takes any free port, and the DTM server of the Dtm block must know which: name one`;
    throw new AppError("FAILED_PRECONDITION", "CONFIG_UNUSABLE", text, { field });
  }
}
