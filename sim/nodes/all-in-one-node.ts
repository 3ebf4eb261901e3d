import { createJobWorkers, type JobWorkers } from "@mall/kit/jobs";
import { noopObserver } from "@mall/kit/observe";
import {
  Participants,
  type Placement,
  Revocations,
  type RpcProcess,
  type RpcProcessConfig,
} from "@mall/kit/process";
import type { Route } from "@mall/kit/rest";
import { bindLocalClient, type ServiceDefinition } from "@mall/kit/rpc";
import type { Database } from "@mall/kit/store";
import type { ApiPeer, ServingApi } from "./api-node.ts";
import type { Epoch } from "./epoch.ts";
import { NO_STREAMS } from "./no-streams.ts";
import { Node, type NodeStorage } from "./node.ts";
import { SERVER_TIMEOUT_MS, type Surroundings } from "./rpc-node.ts";
import { createSimLog } from "./sim-log.ts";

/** Builds a service into a process, which its neighbours there then reach by function calls. */
type BuildService = <Config extends RpcProcessConfig, Client>(
  process: RpcProcess<Config, Client>,
  config: Config,
) => Promise<void>;

/** What a process holds, neighbours before those who call them. */
export type BuildMall = (build: BuildService, placement: Placement) => Promise<Route[]>;

/** The whole mall in one process: its services call each other, on one database. */
export class AllInOneNode extends Node implements ApiPeer {
  readonly #surroundings: Surroundings;
  readonly #storage: NodeStorage;
  readonly #build: BuildMall;
  #serving: ServingApi | undefined;

  constructor(
    name: string,
    surroundings: Surroundings,
    options: { readonly storage: NodeStorage; readonly build: BuildMall },
  ) {
    super(name, surroundings);
    this.#surroundings = surroundings;
    this.#storage = options.storage;
    this.#build = options.build;
  }

  get serving(): ServingApi | undefined {
    return this.#serving;
  }

  protected async boot(epoch: Epoch): Promise<void> {
    await epoch.pause(this.random.float() * 5);
    const { runtime } = epoch;
    const log = createSimLog(this.world.kernel, this.name);
    const jobs = createJobWorkers({ runtime, log, observer: noopObserver });
    const implementations = new Map<object, unknown>();
    const database = this.openDatabase(epoch, this.#storage);
    const placement = this.#placementOf(epoch, { jobs, database, implementations });
    const build: BuildService = async (process, config) => {
      implementations.set(process.service, await process.build(config, placement));
    };
    const routes = await this.#build(build, placement);
    jobs.start();
    this.#serving = {
      epoch,
      routes: new Map(routes.map((route) => [`${route.method} ${route.path}`, route])),
      underWay: new Set(),
    };
  }

  protected bury(): void {
    const serving = this.#serving;
    this.#serving = undefined;
    this.#storage.file.abandon();
    if (serving !== undefined) for (const lost of serving.underWay) lost();
  }

  #placementOf(
    epoch: Epoch,
    parts: {
      readonly jobs: JobWorkers;
      readonly database: Database;
      readonly implementations: ReadonlyMap<object, unknown>;
    },
  ): Placement {
    const { runtime } = epoch;
    const log = createSimLog(this.world.kernel, this.name);
    return {
      runtime,
      log,
      observer: noopObserver,
      revocations: new Revocations({ runtime, log }),
      http: this.#surroundings.httpFrom(epoch),
      streams: NO_STREAMS,
      database: async () => parts.database,
      cache: this.openCache(epoch),
      jobs: parts.jobs.open,
      client: <Client>(definition: ServiceDefinition<Client>, config: { readonly Timeout: number }): Client =>
        bindLocalClient({
          definition,
          // The map pairs each definition with the implementation built for it, of the same type.
          implementation: parts.implementations.get(definition) as Client,
          clientTimeoutMs: config.Timeout,
          serverTimeoutMs: SERVER_TIMEOUT_MS,
          runtime,
          log,
        }),
      missing: async () => [],
      pagesUrl: () => undefined,
      participants: new Participants(),
      outside: ({ names }) => {
        throw new Error(`${names[0]} is not simulated`);
      },
    };
  }
}
