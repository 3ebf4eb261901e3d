import { parseAddress } from "@mall/kit/rpc";
import type { ApiProcessConfig, RpcProcess, RpcProcessConfig, ServedApi } from "./definitions.ts";
import { type Exposure, rpcExposure, secretExposure } from "./exposures.ts";

/** What of a gRPC process is open to others that should not be: its port, and what its service knows of. */
export function rpcExposures<Config extends RpcProcessConfig>(
  { name, exposures }: Pick<RpcProcess<Config, unknown>, "name" | "exposures">,
  config: Config,
): Exposure[] {
  const { host } = parseAddress("ListenOn", config.ListenOn);
  return [...rpcExposure(name, host, config.Auth), ...(exposures?.(config, host) ?? [])];
}

/** As {@link rpcExposures}, of an HTTP process. */
export function apiExposures<Config extends ApiProcessConfig>(
  { exposures }: Pick<ServedApi<Config>, "exposures">,
  config: Config,
): Exposure[] {
  return [
    ...secretExposure("Auth.AccessSecret", config.Auth.AccessSecret, config.Mode),
    ...(exposures?.(config, config.Host) ?? []),
  ];
}
