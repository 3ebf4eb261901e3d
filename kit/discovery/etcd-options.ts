import { readFileSync } from "node:fs";
import type { EtcdConfig } from "@mall/kit/config";
import { AppError } from "@mall/kit/errors";
import type { IOptions } from "etcd3";

/** How to reach an etcd cluster: go-zero's EtcdConf without what is looked up there. */
export type EtcdServers = Pick<
  EtcdConfig,
  "Hosts" | "User" | "Pass" | "CertFile" | "CertKeyFile" | "CACertFile"
>;

type Policy = NonNullable<NonNullable<IOptions["faultHandling"]>["global"]>;

/**
 * Calls through, always: EtcdMembers tries the other members, whoever calls tries again each second, and a breaker
 * that opens for five would only delay the return.
 */
const NO_POLICY = {
  execute: async (work: (context: { signal: AbortSignal }) => unknown) =>
    work({ signal: new AbortController().signal }),
  onSuccess: () => ({ dispose: () => {} }),
  onFailure: () => ({ dispose: () => {} }),
} as unknown as Policy;

/** A server that vanished without closing is noticed; etcd allows a ping every 5 s. */
const GRPC_OPTIONS = {
  "grpc.keepalive_time_ms": 10_000,
  "grpc.keepalive_timeout_ms": 3_000,
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 1_000,
  // etcd is inside: a proxy set in the environment is for the outside.
  "grpc.enable_http_proxy": 0,
};

/**
 * The options of the etcd3 library for a cluster. `loginBy` gives the deadline of a login, which has none otherwise.
 *
 * @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE for a certificate file that cannot be read.
 */
export function etcdOptions(servers: EtcdServers, loginBy?: () => { readonly deadline: number }): IOptions {
  const login = loginBy === undefined ? {} : { callOptions: loginBy };
  return {
    hosts: [...servers.Hosts],
    grpcOptions: GRPC_OPTIONS,
    faultHandling: { host: () => NO_POLICY, global: NO_POLICY },
    ...(servers.User === "" ? {} : { auth: { username: servers.User, password: servers.Pass, ...login } }),
    ...(servers.CACertFile === "" ? {} : { credentials: readCredentials(servers) }),
  };
}

function readCredentials(servers: EtcdServers): NonNullable<IOptions["credentials"]> {
  return {
    rootCertificate: readPem("CACertFile", servers.CACertFile),
    privateKey: readPem("CertKeyFile", servers.CertKeyFile),
    certChain: readPem("CertFile", servers.CertFile),
  };
}

function readPem(key: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const text = `Etcd.${key} ${path} cannot be read: check the path and its permissions`;
    throw new AppError("FAILED_PRECONDITION", "CONFIG_UNUSABLE", text, { cause: error });
  }
}
