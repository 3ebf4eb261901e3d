import type { Runtime } from "@mall/kit/context";
import { createFetchTransport } from "@mall/kit/http";
import type { Logger } from "@mall/kit/log";
import type { Observer } from "@mall/kit/observe";
import type { Breakers } from "@mall/kit/resilience";
import { createCaches } from "./caches.ts";
import { createDatabases } from "./databases.ts";
import { createNeighbours } from "./neighbours.ts";
import { rpcClientSwitches } from "./observer-switches.ts";
import type { Placement } from "./placement.ts";
import { rpcCredentials } from "./rpc-auth.ts";

/** A placement that must be closed when its process stops. */
export type OwnedPlacement = Placement & { close(): Promise<void> };

/** A placement whose neighbours may have to be there before its process starts. */
export interface NetworkPlacement extends OwnedPlacement {
  /** Resolves when those are connected without which the process must not start (`NonBlock: false`). */
  ready(): Promise<void>;
}

interface NetworkPlacementOptions {
  readonly runtime: Runtime;
  readonly log: Logger;
  readonly observer: Observer;
  /** In front of every neighbour and of MySQL. */
  readonly breakers: Breakers;
}

/** The split placement: every neighbour is a network away. */
export function createNetworkPlacement(options: NetworkPlacementOptions): NetworkPlacement {
  const { runtime, log, observer } = options;
  const databases = createDatabases(options);
  const caches = createCaches({ runtime, log, observer });
  const neighbours = createNeighbours(runtime, log);
  return {
    runtime,
    log,
    observer,
    database: databases.open,
    cache: caches.open,
    http: createFetchTransport({ runtime }),
    client: (definition, config, origin) => {
      const auth = rpcCredentials(config);
      const watched = observer.narrow(rpcClientSwitches(config));
      const breakers = config.Middlewares.Breaker ? options.breakers : undefined;
      return neighbours.connect({ definition, config, origin, auth, observer: watched, breakers });
    },
    ready: neighbours.ready,
    close: async () => {
      await neighbours.close();
      await caches.close();
      await databases.close();
    },
  };
}
