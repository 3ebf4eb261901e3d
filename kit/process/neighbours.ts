import type { RpcClientConfig } from "@mall/kit/config";
import { findEndpoints } from "@mall/kit/discovery";
import type { Logger } from "@mall/kit/log";
import type { Observer } from "@mall/kit/observe";
import type { Breakers } from "@mall/kit/resilience";
import { connectRpcClient, type RpcConnection, type ServiceDefinition } from "@mall/kit/rpc";
import type { Runtime } from "@mall/kit/runtime";
import type { Companions } from "./companions.ts";
import { rpcClientSwitches } from "./observer-switches.ts";
import { rpcCredentials } from "./rpc-auth.ts";

/** How long `NonBlock: false` waits for a peer at the start, milliseconds; go-zero's. */
const DIAL_MS_MAX = 3_000;

/** The services that a process calls over the network. */
export interface Neighbours {
  /** @throws AppError where the configuration gives no usable way to the service. */
  connect<Client>(definition: ServiceDefinition<Client>, config: RpcClientConfig, origin: string): Client;
  /** Resolves when those are connected without which the process must not start (`NonBlock: false`). */
  ready(): Promise<void>;
  /** Names each of them, with how to find out what is wrong with all of its instances; undefined for nothing. */
  watch(watch: (name: string, look: () => Promise<string | undefined>) => void): void;
  /** The methods that at least one instance behind a client does not have; none for a client of others. Never rejects. */
  missing(client: unknown): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface NeighboursOptions {
  readonly runtime: Runtime;
  readonly log: Logger;
  readonly observer: Observer;
  /** In front of every neighbour whose configuration does not switch them off. */
  readonly breakers: Breakers;
  /** Which of them are called directly; none by default. */
  readonly companions?: Companions | undefined;
}

/** No neighbour yet; each is connected in the background from the moment it is asked for. */
export function createNeighbours(options: NeighboursOptions): Neighbours {
  const { runtime, log, observer, breakers, companions } = options;
  const closers: (() => Promise<void>)[] = [];
  const required: (() => Promise<void>)[] = [];
  const missing = new Map<unknown, () => Promise<string[]>>();
  const known = new Map<string, unknown>();
  const looks: [name: string, look: () => Promise<string | undefined>][] = [];
  const connect = <Client>(
    definition: ServiceDefinition<Client>,
    config: RpcClientConfig,
    origin: string,
  ): Client => {
    const direct = companions?.bind(definition, config, { origin, log });
    if (direct !== undefined) {
      looks.push([origin, direct.trouble]);
      return direct.client;
    }
    const source = findEndpoints({ config, origin, runtime, log });
    closers.push(() => source.close());
    const connection = connectRpcClient({
      definition,
      endpoints: source,
      timeoutMs: config.Middlewares.Timeout ? config.Timeout : 0,
      keepaliveMs: config.KeepaliveTime,
      multiplex: config.Mux,
      runtime,
      auth: rpcCredentials(config),
      observer: observer.narrow(rpcClientSwitches(config)),
      breakers: config.Middlewares.Breaker ? breakers : undefined,
      ...(config.Tls ? { tls: { caCertFile: config.CACertFile } } : {}),
    });
    closers.push(async () => connection.close());
    looks.push([origin, () => connection.trouble()]);
    missing.set(connection.client, () => connection.missing());
    tellMissing(log, origin, definition.names[0], connection).catch(() => {
      // Nobody was reached before the process ended.
    });
    if (!config.NonBlock) required.push(() => connection.ready(DIAL_MS_MAX));
    return connection.client;
  };
  return {
    connect: <Client>(
      definition: ServiceDefinition<Client>,
      config: RpcClientConfig,
      origin: string,
    ): Client => {
      const name = JSON.stringify([definition.names, Object.keys(definition.methods), origin, config]);
      // A name pairs a definition, which its methods tell from others, with a client of its type.
      const client = (known.get(name) ?? connect(definition, config, origin)) as Client;
      known.set(name, client);
      return client;
    },
    ready: async () => {
      await Promise.all(required.map((ready) => ready()));
    },
    watch: (watch) => {
      for (const [name, look] of looks) watch(name, look);
    },
    missing: async (client) => (await missing.get(client)?.()) ?? [],
    close: async () => {
      await Promise.all(closers.map((close) => close()));
    },
  };
}

/**
 * Says in the log what a neighbour cannot do once it is reached: before a Go peer, or one of an older version, some of
 * this process's work is refused.
 */
async function tellMissing<Client>(
  log: Logger,
  origin: string,
  service: string,
  connection: RpcConnection<Client>,
): Promise<void> {
  await connection.ready(Number.POSITIVE_INFINITY);
  const missing = await connection.missing();
  if (missing.length > 0) log.error({}, missingText(origin, service, missing));
}

/** One line that names the peer and what it lacks. */
export function missingText(origin: string, service: string, missing: readonly string[]): string {
  const names = missing.map((name) => `/${service}/${name}`).join(", ");
  return (
    `${origin}: the peer has no ${names}, and what needs them is refused: it is an older or another program; ` +
    "swap it first (docs/compatibility.md, Swapping, process by process)"
  );
}
