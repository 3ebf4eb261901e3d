import type { RpcClientConfig } from "@mall/kit/config";
import type { Runtime } from "@mall/kit/context";
import { findEndpoints } from "@mall/kit/discovery";
import type { Logger } from "@mall/kit/log";
import { connectRpcClient, type RpcClientOptions, type ServiceDefinition } from "@mall/kit/rpc";

/** How long `NonBlock: false` waits for a peer at the start, milliseconds; go-zero's. */
const DIAL_MS_MAX = 3_000;

/** How one neighbour is reached. */
interface NeighbourOptions<Client>
  extends Omit<
    RpcClientOptions<Client>,
    "definition" | "endpoints" | "timeoutMs" | "multiplex" | "runtime" | "tls"
  > {
  readonly definition: ServiceDefinition<Client>;
  readonly config: RpcClientConfig;
  /** The configuration block, for errors, e.g. `UserRpc`. */
  readonly origin: string;
}

/** The services that a process calls over the network. */
export interface Neighbours {
  /** @throws AppError where the configuration gives no usable way to the service. */
  connect<Client>(options: NeighbourOptions<Client>): Client;
  /** Resolves when those are connected without which the process must not start (`NonBlock: false`). */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** No neighbour yet; each is connected in the background from the moment it is asked for. */
export function createNeighbours(runtime: Runtime, log: Logger): Neighbours {
  const closers: (() => Promise<void>)[] = [];
  const required: (() => Promise<void>)[] = [];
  return {
    connect: ({ config, origin, ...options }) => {
      const source = findEndpoints({ config, origin, runtime, log });
      closers.push(() => source.close());
      const connection = connectRpcClient({
        ...options,
        endpoints: source,
        timeoutMs: config.Middlewares.Timeout ? config.Timeout : 0,
        keepaliveMs: config.KeepaliveTime,
        multiplex: config.Mux,
        runtime,
        ...(config.Tls ? { tls: { caCertFile: config.CACertFile } } : {}),
      });
      closers.push(async () => connection.close());
      if (!config.NonBlock) required.push(() => connection.ready(DIAL_MS_MAX));
      return connection.client;
    },
    ready: async () => {
      await Promise.all(required.map((ready) => ready()));
    },
    close: async () => {
      await Promise.all(closers.map((close) => close()));
    },
  };
}
