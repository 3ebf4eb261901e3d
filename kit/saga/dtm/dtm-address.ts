import type { RpcClientConfig } from "@mall/kit/config";
import { parseTarget } from "@mall/kit/discovery";
import { AppError } from "@mall/kit/errors";

/** How others reach a service. */
export interface ServiceAddress {
  readonly config: Pick<RpcClientConfig, "Endpoints" | "Target" | "Etcd" | "Tls" | "App">;
  /** The configuration block, for errors, e.g. `ProductRpc`. */
  readonly origin: string;
}

/**
 * Where DTM finds a service, as its URLs begin: `host:port`, or `discov://h1,h2/key` and the like, which take its
 * driver for go-zero (github.com/dtm-labs/dtmdriver-gozero).
 *
 * @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE where DTM cannot reach it.
 */
export function dtmAddress({ config, origin }: ServiceAddress): string {
  if (config.Tls) throw unusable(origin, "speaks TLS, and DTM calls in plain text");
  if (config.App !== "") throw unusable(origin, "asks for a token, and DTM shows none");
  if (config.Endpoints.some((endpoint) => endpoint.endsWith(":0"))) {
    throw unusable(origin, "takes any free port, and DTM must know which");
  }
  if (config.Endpoints.length > 0) return directAddress(config.Endpoints);
  if (config.Target !== "") {
    const target = parseTarget(`${origin}.Target`, config.Target);
    if (target.kind === "direct") return directAddress(target.endpoints);
    return target.kind === "dns" ? `dns:///${target.endpoint}` : etcdAddress(target.hosts, target.key);
  }
  if (config.Etcd !== undefined) return etcdAddress(config.Etcd.Hosts, config.Etcd.Key);
  throw unusable(origin, "names no instance, and DTM calls it itself: add Etcd, Target or Endpoints");
}

function directAddress(endpoints: readonly string[]): string {
  return endpoints.length === 1 ? `${endpoints[0]}` : `direct:///${endpoints.join(",")}`;
}

/** The older of go-zero's two schemes: every version of the driver knows it. */
function etcdAddress(hosts: readonly string[], key: string): string {
  return `discov://${hosts.join(",")}/${key}`;
}

function unusable(origin: string, why: string): AppError {
  return new AppError("FAILED_PRECONDITION", "CONFIG_UNUSABLE", `${origin} ${why}`, { field: origin });
}
