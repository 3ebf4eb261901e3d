import type { RpcClientConfig } from "@mall/kit/config";
import { AppError } from "@mall/kit/errors";
import type { Logger } from "@mall/kit/log";
import { type EndpointSource, staticEndpoints } from "@mall/kit/rpc";
import type { Runtime } from "@mall/kit/runtime";
import { dnsEndpoints } from "./dns-endpoints.ts";
import { etcdEndpoints } from "./etcd-endpoints.ts";
import type { EtcdServers } from "./etcd-options.ts";
import { parseTarget } from "./target.ts";

export interface FindOptions {
  readonly config: Pick<RpcClientConfig, "Endpoints" | "Target" | "Etcd">;
  /** The configuration block, for errors, e.g. `UserRpc`. */
  readonly origin: string;
  readonly runtime: Runtime;
  readonly log: Logger;
}

/** A cluster named by a target: go-zero knows no account for it either. */
const NO_ACCOUNT = { User: "", Pass: "", CertFile: "", CertKeyFile: "", CACertFile: "" };

/**
 * Where the instances of a service are: `Endpoints`, else `Target`, else `Etcd`, as in go-zero
 * (zrpc.RpcClientConf.BuildTarget).
 *
 * @throws AppError INVALID_ARGUMENT or FAILED_PRECONDITION CONFIG_UNUSABLE, naming the key, where the
 * configuration gives no usable way.
 */
export function findEndpoints(options: FindOptions): EndpointSource {
  const { config, origin } = options;
  if (config.Endpoints.length > 0) return staticEndpoints(config.Endpoints);
  if (config.Target !== "") return targetEndpoints(options);
  if (config.Etcd !== undefined) return fromEtcd(config.Etcd, config.Etcd.Key, options);
  throw new AppError(
    "FAILED_PRECONDITION",
    "CONFIG_UNUSABLE",
    `${origin} names no instance: add Etcd, Target, or Endpoints, e.g. Endpoints: [127.0.0.1:9000]`,
  );
}

function targetEndpoints(options: FindOptions): EndpointSource {
  const { config, origin, runtime, log } = options;
  const target = parseTarget(`${origin}.Target`, config.Target);
  switch (target.kind) {
    case "direct":
      return staticEndpoints(target.endpoints);
    case "dns":
      return dnsEndpoints({ endpoint: target.endpoint, runtime, log });
    case "etcd":
      return fromEtcd({ Hosts: [...target.hosts], ...NO_ACCOUNT }, target.key, options);
  }
}

function fromEtcd(servers: EtcdServers, key: string, { runtime, log }: FindOptions): EndpointSource {
  return etcdEndpoints({ servers, key, runtime, log });
}
