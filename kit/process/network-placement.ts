import type { JobsConfig } from "@mall/kit/config";
import { createNetworkStreams, createNetworkTransport } from "@mall/kit/http";
import type { Logger } from "@mall/kit/log";
import type { Observer } from "@mall/kit/observe";
import type { Breakers } from "@mall/kit/resilience";
import type { Runtime } from "@mall/kit/runtime";
import { createCaches } from "./caches.ts";
import type { Companions } from "./companions.ts";
import { createNeighbours } from "./neighbours.ts";
import { Participants } from "./participants.ts";
import type { Placement } from "./placement.ts";
import { Revocations } from "./revocations.ts";
import { createStorage } from "./storage.ts";

/** A placement that must be closed when its process stops. */
export interface OwnedPlacement extends Placement {
  /** Begins to run the jobs of the services in it, once these are built. */
  startJobs(): void;
  /** Runs no more jobs, and lets those that go on end: for `graceMs`, after which they are given back. */
  drainJobs(graceMs: number): Promise<void>;
  close(): Promise<void>;
}

/** A placement whose neighbours may have to be there before its process starts. */
export interface NetworkPlacement extends OwnedPlacement {
  /** Resolves when those are connected without which the process must not start (`NonBlock: false`). */
  ready(): Promise<void>;
  /** Names each neighbour that was asked for, with how to find out whether any instance of it can work. */
  watchNeighbours(watch: (name: string, look: () => Promise<string | undefined>) => void): void;
}

interface NetworkPlacementOptions {
  readonly runtime: Runtime;
  readonly log: Logger;
  readonly observer: Observer;
  /** In front of every neighbour and of MySQL. */
  readonly breakers: Breakers;
  /** How jobs are run; the defaults where it is undefined. */
  readonly jobs?: JobsConfig | undefined;
  /** Where it serves pages; nowhere by default. */
  readonly pagesUrl?: () => string | undefined;
  /** The rpc processes that were started with this one. */
  readonly companions?: Companions | undefined;
}

/** The split placement: every neighbour is a network away, but for companions. */
export function createNetworkPlacement(options: NetworkPlacementOptions): NetworkPlacement {
  const { runtime, log, observer } = options;
  const storage = createStorage({ ...options, config: options.jobs });
  const caches = createCaches({ runtime, log, observer });
  const neighbours = createNeighbours(options);
  const revocations = new Revocations({ runtime, log });
  return {
    runtime,
    log,
    observer,
    revocations,
    database: storage.database,
    cache: caches.open,
    http: createNetworkTransport({ runtime, breakers: options.breakers }),
    streams: createNetworkStreams(runtime),
    jobs: storage.jobs,
    startJobs: storage.startJobs,
    drainJobs: storage.drainJobs,
    client: neighbours.connect,
    pagesUrl: options.pagesUrl ?? (() => undefined),
    participants: new Participants(),
    outside: neighbours.connect,
    missing: neighbours.missing,
    ready: neighbours.ready,
    watchNeighbours: neighbours.watch,
    close: async () => {
      revocations.stop();
      await storage.drainJobs(0);
      await neighbours.close();
      await caches.close();
      await storage.close();
    },
  };
}
