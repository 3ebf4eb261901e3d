import type {
  CacheConfig,
  DtmConfig,
  JobsConfig,
  RestConfig,
  RowCacheConfig,
  RpcClientConfig,
  RpcServerConfig,
  SagaConfig,
} from "@mall/kit/config";
import type { OpenApiPart, Route } from "@mall/kit/rest";
import type { ServiceDefinition } from "@mall/kit/rpc";
import type { MigrationSet } from "@mall/kit/store";
import type { z } from "zod";
import type { Exposure } from "./exposures.ts";
import type { Front, FrontPlace } from "./front.ts";
import type { Placement } from "./placement.ts";
import type { RevokedSource } from "./revocations.ts";

/** What every rpc process is configured with. */
export type RpcProcessConfig = RpcServerConfig & {
  readonly Mysql: { readonly DataSource: string };
  /** Of a service that has jobs. */
  readonly Jobs?: JobsConfig;
  /** Of a service whose transactions a DTM server may drive. */
  readonly Dtm?: DtmConfig | undefined;
};

/** What every api process is configured with. */
export type ApiProcessConfig = RestConfig & {
  readonly Auth: { readonly AccessSecret: string; readonly AccessExpire: number };
};

/** How the neighbours of a service are reached, e.g. `UserRpc`. */
type Neighbours = Readonly<Record<`${string}Rpc`, RpcClientConfig>>;

/** What a mall in one process tells each of its rpcs, beside the service's own block. */
export type SharedRpcConfig = RpcProcessConfig &
  RowCacheConfig &
  Neighbours & { readonly Jobs: JobsConfig; readonly Saga: SagaConfig };

/** As {@link SharedRpcConfig}, of its apis. */
export type SharedApiConfig = ApiProcessConfig &
  Neighbours & { readonly Mysql?: unknown; readonly CacheRedis?: CacheConfig | undefined };

/** The keys of a process that a mall in one process reads in the service's block; the compiler misses none. */
type OwnBlock<Config, Shared> = z.ZodObject & z.ZodType<Omit<Config, keyof Shared>>;

/** A gRPC process of the mall, e.g. `pay.rpc`. */
export interface RpcProcess<Config extends RpcProcessConfig, Client> {
  readonly name: string;
  readonly config: z.ZodType<Config>;
  readonly block: OwnBlock<Config, SharedRpcConfig>;
  readonly service: ServiceDefinition<Client>;
  /** Of its own tables, and of those that the kit brings it. */
  readonly migrations: readonly MigrationSet[];
  /** The `.proto` file of the service, which tools may ask for. */
  readonly contract: URL;
  /** What its configuration opens to others that reach its host, beside the port itself. */
  exposures?(config: Config, host: string): Exposure[];
  /** Builds the service's logic in a placement. */
  build(config: Config, placement: Placement): Promise<Client>;
}

/** An HTTP process of the mall, e.g. `pay.api`. */
export interface ApiProcess<Config extends ApiProcessConfig> {
  readonly name: string;
  readonly config: z.ZodType<Config>;
  readonly block: OwnBlock<Config, SharedApiConfig>;
  readonly openApi: OpenApiPart;
  /** As of an rpc. */
  exposures?(config: Config, host: string): Exposure[];
  /** Builds the routes in a placement. */
  build(config: Config, placement: Placement): Promise<Route[]>;
  /** What it serves to people beside the routes; by default nothing. */
  front?(config: Config, place: FrontPlace): Front | undefined;
  /** Who tells whose tokens are revoked; undefined where the configuration names nobody. */
  revoked(config: Config, placement: Placement): RevokedSource | undefined;
}

/** An HTTP process as it is served; what an all-in-one needs of it beside that, it need not have. */
export type ServedApi<Config extends ApiProcessConfig> = Omit<ApiProcess<Config>, "block">;

/** A gRPC process of any service. */
export type AnyRpcProcess = RpcProcess<RpcProcessConfig, unknown>;

/** An HTTP process of any service. */
export type AnyApiProcess = ApiProcess<ApiProcessConfig>;

/**
 * What `service` of a service's `service.ts` is: by it the `mall` command finds the service. It names the rest without
 * loading it, since one process of eight does not start with the other seven.
 */
export interface Service {
  /** That of its folder under `services/`. */
  readonly name: string;
  /** The default ports of the processes that it has. */
  readonly ports: { readonly api?: number; readonly rpc?: number };
  /** The services that its rpc calls, which are built before it. */
  readonly calls: readonly string[];
  /** One of the two may be missing. */
  rpc?(): Promise<AnyRpcProcess>;
  api?(): Promise<AnyApiProcess>;
}
