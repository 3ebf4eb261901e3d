import type { HttpTransport } from "@mall/kit/http";
import { createJobWorkers, type JobWorkers } from "@mall/kit/jobs";
import { noopObserver } from "@mall/kit/observe";
import {
  Participants,
  type Placement,
  Revocations,
  type RpcProcess,
  type RpcProcessConfig,
} from "@mall/kit/process";
import { createWireClient, type WireMethod, wireService } from "@mall/kit/rpc";
import { type Network, type Peer, RpcWire, type ServingEpoch } from "../network/index.ts";
import type { Epoch } from "./epoch.ts";
import { NO_STREAMS } from "./no-streams.ts";
import { Node, type NodeStorage, type NodeWorld } from "./node.ts";
import { createSimLog } from "./sim-log.ts";

/** What a served method may take, as go-zero's servers have it. */
export const SERVER_TIMEOUT_MS = 2_000;

/** Where the processes of a run find each other, and what lies outside. */
export interface Surroundings extends NodeWorld {
  readonly network: Network;
  /** The instances of a service, by its full name. */
  readonly peersOf: (service: string) => readonly Peer[];
  /** The way from a process to servers outside of the mall. */
  readonly httpFrom: (epoch: Epoch) => HttpTransport;
}

/** An rpc process with the part of a database that it works on. */
export interface RpcNodeOptions<Config extends RpcProcessConfig, Client> extends NodeStorage {
  readonly process: RpcProcess<Config, Client>;
  readonly config: Config;
}

/** An rpc process of the mall: the real service, on storage and a network that fail. */
export class RpcNode<Config extends RpcProcessConfig, Client> extends Node implements Peer {
  readonly #surroundings: Surroundings;
  readonly #options: RpcNodeOptions<Config, Client>;
  #serving: ServingEpoch | undefined;

  constructor(name: string, surroundings: Surroundings, options: RpcNodeOptions<Config, Client>) {
    super(name, surroundings);
    this.#surroundings = surroundings;
    this.#options = options;
  }

  get serving(): ServingEpoch | undefined {
    return this.#serving;
  }

  protected async boot(epoch: Epoch): Promise<void> {
    const { process, config } = this.#options;
    const { kernel } = this.world;
    await epoch.pause(this.random.float() * 5);
    const { runtime } = epoch;
    const log = createSimLog(kernel, this.name);
    const jobs = createJobWorkers({ runtime, log, observer: noopObserver, config: config.Jobs });
    const implementation = await process.build(config, this.#placementOf(epoch, jobs));
    const wired = wireService({
      definition: process.service,
      service: process.service.names[0],
      implementation,
      runtime,
      log,
      timeoutMs: SERVER_TIMEOUT_MS,
    });
    this.#serving = {
      name: this.name,
      methods: new Map<string, WireMethod>(wired.map((method) => [method.path, method.wired])),
      underWay: new Set(),
      get alive() {
        return epoch.alive;
      },
      survives: () => epoch.survives(),
      now: () => runtime.now(),
    };
    jobs.start();
  }

  protected bury(): void {
    const serving = this.#serving;
    this.#serving = undefined;
    this.#options.file.abandon();
    if (serving !== undefined) for (const lost of serving.underWay) lost();
  }

  #placementOf(epoch: Epoch, jobs: JobWorkers): Placement {
    const { kernel, network, peersOf, httpFrom } = this.#surroundings;
    const { runtime } = epoch;
    const log = createSimLog(kernel, this.name);
    const database = this.openDatabase(epoch, this.#options);
    return {
      runtime,
      log,
      observer: noopObserver,
      revocations: new Revocations({ runtime, log }),
      http: httpFrom(epoch),
      streams: NO_STREAMS,
      database: async () => database,
      cache: this.openCache(epoch),
      jobs: jobs.open,
      client: (definition, config) => {
        const service = definition.names[0];
        const choose = (): number => this.random.float();
        const wire = new RpcWire({ kernel, network, epoch, service, peers: peersOf(service), choose });
        return createWireClient(wire, { definition, timeoutMs: config.Timeout, runtime });
      },
      missing: async () => [],
      pagesUrl: () => undefined,
      participants: new Participants(),
      outside: ({ names }) => {
        throw new Error(`${names[0]} is not simulated`);
      },
    };
  }
}
