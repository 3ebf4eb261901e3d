import type { JobsConfig } from "@mall/kit/config";
import { createNetworkStreams, createNetworkTransport, type HttpTransport } from "@mall/kit/http";
import type { Logger } from "@mall/kit/log";
import { noopObserver, type Observer } from "@mall/kit/observe";
import type { Breakers } from "@mall/kit/resilience";
import { bindLocalClient, type ServiceDefinition } from "@mall/kit/rpc";
import type { Runtime } from "@mall/kit/runtime";
import { createCaches } from "./caches.ts";
import { createNeighbours } from "./neighbours.ts";
import type { OwnedPlacement } from "./network-placement.ts";
import { Participants } from "./participants.ts";
import { Revocations } from "./revocations.ts";
import { createStorage } from "./storage.ts";

/** The all-in-one placement: every neighbour lives in this process. */
export interface LocalPlacement extends OwnedPlacement {
  /** Makes a service's implementation the one that `client` binds to; before anybody asks for it. */
  provide<Client>(definition: ServiceDefinition<Client>, implementation: Client): void;
}

export interface LocalPlacementOptions {
  readonly runtime: Runtime;
  readonly log: Logger;
  /** What a served method may take, milliseconds (go-zero's server default is 2000). */
  readonly serverTimeoutMs: number;
  /** Nobody by default. */
  readonly observer?: Observer;
  /**
   * Puts them in front of MySQL. A function call gets none: its service shares the fate of its caller, and
   * what it cannot reach has a breaker of its own.
   */
  readonly breakers: Breakers;
  /** How jobs are run; the defaults where it is undefined. */
  readonly jobs?: JobsConfig | undefined;
  /** Where it serves pages; nowhere by default. */
  readonly pagesUrl?: () => string | undefined;
  /** How servers outside are reached; by `fetch` by default. */
  readonly http?: HttpTransport;
}

/** A placement in which services reach each other by function calls. */
export function createLocalPlacement(options: LocalPlacementOptions): LocalPlacement {
  const { runtime, log, serverTimeoutMs, observer = noopObserver, breakers } = options;
  const storage = createStorage({ ...options, observer, config: options.jobs });
  const caches = createCaches({ runtime, log, observer });
  const outside = createNeighbours({ runtime, log, observer, breakers });
  const implementations = new Map<object, unknown>();
  const revocations = new Revocations({ runtime, log });
  return {
    runtime,
    log,
    observer,
    revocations,
    database: storage.database,
    cache: caches.open,
    http: options.http ?? createNetworkTransport({ runtime, breakers }),
    streams: createNetworkStreams(runtime),
    jobs: storage.jobs,
    startJobs: storage.startJobs,
    drainJobs: storage.drainJobs,
    provide: (definition, implementation) => {
      implementations.set(definition, implementation);
    },
    client: <Client>(definition: ServiceDefinition<Client>, config: { readonly Timeout: number }): Client => {
      if (!implementations.has(definition))
        throw new Error(`${definition.names[0]} is asked for before it is built`);
      // The map pairs each definition with the implementation given for it in `provide`, of the same type.
      const implementation = implementations.get(definition) as Client;
      return bindLocalClient({
        definition,
        implementation,
        clientTimeoutMs: config.Timeout,
        serverTimeoutMs,
        runtime,
        log,
        observer,
      });
    },
    pagesUrl: options.pagesUrl ?? (() => undefined),
    participants: new Participants(),
    outside: outside.connect,
    missing: outside.missing,
    close: async () => {
      revocations.stop();
      await storage.drainJobs(0);
      await outside.close();
      await caches.close();
      await storage.close();
    },
  };
}
