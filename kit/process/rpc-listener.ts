import type { RpcServerConfig, ServiceConfig } from "@mall/kit/config";
import { type Registration, registerInstance } from "@mall/kit/discovery";
import type { Logger } from "@mall/kit/log";
import type { RpcServer, RpcServerOptions } from "@mall/kit/rpc";
import type { Runtime } from "@mall/kit/runtime";
import { wrapUp } from "./wrap-up.ts";

/** Modes of a process that somebody is trying out: tools may ask it for its contracts, as in go-zero's mall. */
export function isTried(mode: ServiceConfig["Mode"]): boolean {
  return mode === "dev" || mode === "test";
}

/** What a configuration says about the outside of an rpc server: TLS, health checks, reflection. */
export function serverOutside(
  config: RpcServerConfig,
  contract: URL,
): Pick<RpcServerOptions, "tls" | "health" | "reflection"> {
  return {
    ...(config.CertFile === "" ? {} : { tls: { certFile: config.CertFile, keyFile: config.KeyFile } }),
    health: config.Health,
    reflection: isTried(config.Mode) ? [contract] : undefined,
  };
}

/** A server that peers can find. */
export interface RpcListener {
  /** `host:port` it listens on. */
  readonly address: string;
  /** Goes out of discovery, then takes no new calls and lets running ones end within the configured time. */
  stop(): Promise<void>;
}

/**
 * Opens a server to its peers: it listens, and then registers where an `Etcd` block says so. go-zero does it
 * in the other order, and for a moment sends calls to a port that nobody serves.
 *
 * @throws AppError FAILED_PRECONDITION with one line that says what to do: the port, etcd.
 */
export async function openRpcListener(
  server: RpcServer,
  config: RpcServerConfig,
  { runtime, log }: { readonly runtime: Runtime; readonly log: Logger },
): Promise<RpcListener> {
  const address = await server.start(config.ListenOn);
  const etcd = config.Etcd;
  let registration: Registration | undefined;
  if (etcd !== undefined && etcd.Hosts.length > 0 && etcd.Key !== "") {
    try {
      registration = await registerInstance({ etcd, listenOn: address, runtime, log });
    } catch (error) {
      await server.stop(0);
      throw error;
    }
  }
  return {
    address,
    stop: async () => {
      server.leave();
      await registration?.revoke();
      await server.stop(await wrapUp(runtime, config.Shutdown));
    },
  };
}
