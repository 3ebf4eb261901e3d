import type { RpcClientConfig, RpcServerConfig } from "@mall/kit/config";
import { leadsTo } from "@mall/kit/discovery";
import type { Logger } from "@mall/kit/log";
import type { Observer } from "@mall/kit/observe";
import { bindLocalClient, type ServiceDefinition } from "@mall/kit/rpc";
import type { Runtime } from "@mall/kit/runtime";

/** An rpc process that serves in this operating-system process, for those that were started with it. */
export interface Companion<Client> {
  /** `pay.rpc` */
  readonly name: string;
  readonly config: RpcServerConfig;
  /** `host:port` it listens on. */
  readonly address: string;
  readonly implementation: Client;
  readonly runtime: Runtime;
  readonly log: Logger;
  /** Sees the calls as it does those that come over the network. */
  readonly observer: Observer;
  /** Why it cannot work, undefined where it can. Never rejects. */
  readonly trouble: () => Promise<string | undefined>;
}

/** A client of a companion, which calls it directly. */
export interface DirectClient<Client> {
  readonly client: Client;
  readonly trouble: () => Promise<string | undefined>;
}

/**
 * The rpc processes that `mall serve` started together. Who is configured to call one of them calls it directly, as
 * in a mall in one process; each of them serves on its port as ever.
 */
export class Companions {
  readonly #known = new Map<object, Companion<unknown>>();

  /** Takes one in, once it serves. */
  add<Client>(definition: ServiceDefinition<Client>, companion: Companion<Client>): void {
    this.#known.set(definition, companion);
  }

  /**
   * A client of the companion that serves this; undefined where there is none, or where a neighbour's configuration
   * does not lead to it and to it alone. The caller's log says what was chosen.
   *
   * @throws AppError INVALID_ARGUMENT naming the key for a Target that cannot be read.
   */
  bind<Client>(
    definition: ServiceDefinition<Client>,
    config: RpcClientConfig,
    { origin, log }: { readonly origin: string; readonly log: Logger },
  ): DirectClient<Client> | undefined {
    // The map pairs each definition with a companion of its type, see `add`.
    const companion = this.#known.get(definition) as Companion<Client> | undefined;
    if (companion === undefined) return undefined;
    const obstacle = obstacleTo(companion, config, origin);
    if (obstacle !== undefined) {
      log.info({}, `${origin}: ${companion.name} of this process is called over the network: ${obstacle}`);
      return undefined;
    }
    log.info({}, `${origin}: ${companion.name} of this process is called directly`);
    const { config: server, implementation, runtime, observer } = companion;
    const client = bindLocalClient({
      definition,
      implementation,
      clientTimeoutMs: config.Middlewares.Timeout ? config.Timeout : 0,
      serverTimeoutMs: server.Timeout,
      methodTimeoutsMs: new Map(server.MethodTimeouts.map((each) => [each.FullMethod, each.Timeout])),
      runtime,
      log: companion.log,
      observer,
    });
    return { client, trouble: companion.trouble };
  }
}

/** What keeps a call from going directly; undefined for nothing. */
function obstacleTo(
  { name, config, address }: Companion<unknown>,
  client: RpcClientConfig,
  origin: string,
): string | undefined {
  if (config.Auth) return `${name} asks its callers for tokens (Auth)`;
  if (client.Tls !== (config.CertFile !== "")) return `${origin}.Tls is not as ${name} has it`;
  if (leadsTo(client, origin, { address, etcd: config.Etcd })) return undefined;
  return `${origin} leads elsewhere, or there as well`;
}
