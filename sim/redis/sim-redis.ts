import { type Cache, createCache } from "@mall/kit/cache";
import { type CacheConfig, cacheConfig } from "@mall/kit/config";
import type { Logger } from "@mall/kit/log";
import { noopObserver } from "@mall/kit/observe";
import type { Runtime } from "@mall/kit/runtime";
import type { Faults } from "../faults/index.ts";
import type { Kernel, Owner } from "../kernel/index.ts";
import type { RedisDistance } from "./redis-link.ts";
import { RedisServer } from "./redis-server.ts";
import { SimRedisClient } from "./sim-redis-client.ts";

/** How the caches of a run are placed: on one server, on several by the hash of their keys, or on a cluster. */
const PLACEMENTS = ["one", "one", "one", "ring", "cluster"] as const;
const SERVERS_OF_SEVERAL = 3;
const DISTANCES = ["near", "near", "far", "far", "slow there", "slow back"] as const;

/** The life of a process that opens a cache. */
interface CacheOwner extends Owner {
  readonly name: string;
  readonly runtime: Runtime;
}

/** The Redis servers of a run, one for all processes or several. */
export class SimRedis {
  readonly #kernel: Kernel;
  readonly #faults: Faults;
  readonly #servers: ReadonlyMap<string, RedisServer>;
  readonly #clients = new Map<Owner, SimRedisClient[]>();
  readonly #config: CacheConfig;
  readonly #distance: RedisDistance;

  constructor(kernel: Kernel, faults: Faults) {
    this.#kernel = kernel;
    this.#faults = faults;
    const random = kernel.random("redis");
    const placement = random.pick(PLACEMENTS);
    this.#distance = random.pick(DISTANCES);
    const count = placement === "one" ? 1 : SERVERS_OF_SEVERAL;
    const names = Array.from({ length: count }, (_, index) => `redis-${index + 1}`);
    this.#servers = new Map(names.map((name) => [name, new RedisServer(kernel, faults, name)]));
    this.#config = cacheConfig.parse(
      placement === "cluster"
        ? [{ Host: names.join(","), Type: "cluster" }]
        : names.map((name) => ({ Host: name })),
    );
    kernel.log("redis", `${placement}, ${this.#distance}`);
  }

  /** The real cache of a life of a process, on simulated connections. */
  open(owner: CacheOwner, log: Logger): Promise<Cache> {
    const { runtime } = owner;
    return createCache(this.#config, {
      runtime,
      log,
      observer: noopObserver,
      openClient: async ({ Host, Type }) => {
        const client = new SimRedisClient({
          kernel: this.#kernel,
          faults: this.#faults,
          owner,
          servers: Host.split(",").map((name) => this.#serverOf(name)),
          isCluster: Type === "cluster",
          distance: this.#distance,
        });
        this.#clients.set(owner, [...(this.#clients.get(owner) ?? []), client]);
        return client;
      },
    });
  }

  /**
   * Since when every process that lives has had its caches well: it was answered in time, and no server threw marks
   * out. Infinity where one has not.
   */
  get wellSince(): number {
    let since = 0;
    for (const [owner, clients] of this.#clients) {
      if (!owner.alive) this.#clients.delete(owner);
      else for (const client of clients) since = Math.max(since, client.wellSince);
    }
    for (const server of this.#servers.values()) if (server.hadNoMemorySince(since)) return this.#kernel.now;
    return since;
  }

  /** What is cached, as it is now: texts by their keys. */
  get entries(): ReadonlyMap<string, string> {
    return new Map([...this.#servers.values()].flatMap(({ texts }) => [...texts]));
  }

  #serverOf(name: string): RedisServer {
    const server = this.#servers.get(name);
    if (server === undefined) throw new Error(`there is no Redis ${name}`);
    return server;
  }
}
