import type { EtcdConfig, RpcClientConfig } from "@mall/kit/config";
import { parseAddress } from "@mall/kit/rpc";
import { publishedAddress } from "./published-address.ts";
import { parseTarget } from "./target.ts";

/** Where a server is found. */
export interface FoundServer {
  /** `host:port` that it listens on. */
  readonly address: string;
  /** Where it is registered; nowhere without Hosts or Key. */
  readonly etcd: Pick<EtcdConfig, "Hosts" | "Key"> | undefined;
}

/**
 * Whether a neighbour's configuration leads to this server: it names its address and no other, or the key that it is
 * registered under, where others may be registered too. A name that DNS is asked for leads to whatever DNS says.
 *
 * @throws AppError INVALID_ARGUMENT naming the key for a Target that cannot be read.
 */
export function leadsTo(
  config: Pick<RpcClientConfig, "Endpoints" | "Target" | "Etcd">,
  origin: string,
  server: FoundServer,
): boolean {
  if (config.Endpoints.length > 0) return config.Endpoints.every((each) => isAddressOf(each, server));
  if (config.Target === "") return config.Etcd !== undefined && isKeyOf(config.Etcd, server);
  const target = parseTarget(`${origin}.Target`, config.Target);
  switch (target.kind) {
    case "direct":
      return target.endpoints.length > 0 && target.endpoints.every((each) => isAddressOf(each, server));
    case "dns":
      return false;
    case "etcd":
      return isKeyOf({ Hosts: [...target.hosts], Key: target.key }, server);
  }
}

function isKeyOf({ Hosts, Key }: Pick<EtcdConfig, "Hosts" | "Key">, { etcd }: FoundServer): boolean {
  if (etcd === undefined || etcd.Key === "" || etcd.Key !== Key) return false;
  const known = new Set(etcd.Hosts);
  return known.size > 0 && known.size === new Set(Hosts).size && Hosts.every((host) => known.has(host));
}

function isAddressOf(endpoint: string, { address }: FoundServer): boolean {
  if (endpoint === address) return true;
  const own = parseAddress("ListenOn", address);
  const asked = /^(?<host>.*):(?<port>\d+)$/.exec(endpoint)?.groups;
  if (asked === undefined || Number(asked.port) !== own.port) return false;
  const isLoopback = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(asked.host ?? "");
  const isEverywhere = own.host === "" || own.host === "0.0.0.0" || own.host === "::";
  if (isEverywhere) return isLoopback || endpoint === publishedAddress(address);
  return own.host === "127.0.0.1" && asked.host === "localhost";
}
