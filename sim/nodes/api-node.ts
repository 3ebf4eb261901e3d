import { noopObserver } from "@mall/kit/observe";
import { Participants, type Placement, Revocations } from "@mall/kit/process";
import type { Route } from "@mall/kit/rest";
import { createWireClient } from "@mall/kit/rpc";
import { RpcWire } from "../network/index.ts";
import type { Epoch } from "./epoch.ts";
import { NO_STREAMS } from "./no-streams.ts";
import { Node } from "./node.ts";
import type { Surroundings } from "./rpc-node.ts";
import { createSimLog } from "./sim-log.ts";

/** A life of an api process, with its routes by `POST /api/pay/create`. */
export interface ServingApi {
  readonly epoch: Epoch;
  readonly routes: ReadonlyMap<string, Route>;
  /** Requests under way, by what is to be done where the process ends before they do. */
  readonly underWay: Set<() => void>;
}

/** A process that answers people. */
export interface ApiPeer {
  readonly name: string;
  /** Undefined while it is down or not yet serving. */
  readonly serving: ServingApi | undefined;
}

/** The api processes of the mall, as one: the real routes and their logic, without the HTTP server. */
export class ApiNode extends Node implements ApiPeer {
  readonly #surroundings: Surroundings;
  readonly #build: (placement: Placement) => Promise<Route[]>;
  #serving: ServingApi | undefined;

  constructor(name: string, surroundings: Surroundings, build: (placement: Placement) => Promise<Route[]>) {
    super(name, surroundings);
    this.#surroundings = surroundings;
    this.#build = build;
  }

  get serving(): ServingApi | undefined {
    return this.#serving;
  }

  protected async boot(epoch: Epoch): Promise<void> {
    await epoch.pause(this.random.float() * 5);
    const routes = await this.#build(this.#placementOf(epoch));
    this.#serving = {
      epoch,
      routes: new Map(routes.map((route) => [`${route.method} ${route.path}`, route])),
      underWay: new Set(),
    };
  }

  protected bury(): void {
    const serving = this.#serving;
    this.#serving = undefined;
    if (serving !== undefined) for (const lost of serving.underWay) lost();
  }

  #placementOf(epoch: Epoch): Placement {
    const { kernel, network, peersOf, httpFrom } = this.#surroundings;
    const { runtime } = epoch;
    const log = createSimLog(kernel, this.name);
    return {
      runtime,
      log,
      observer: noopObserver,
      revocations: new Revocations({ runtime, log }),
      http: httpFrom(epoch),
      streams: NO_STREAMS,
      database: () => Promise.reject(new Error("an api process has no database")),
      cache: async () => undefined,
      jobs: () => {
        throw new Error("an api process has no jobs");
      },
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
