import type { DtmConfig, JobsConfig, RestConfig, RpcServerConfig } from "@mall/kit/config";
import type { OpenApiPart, Route } from "@mall/kit/rest";
import type { ServiceDefinition } from "@mall/kit/rpc";
import type { MigrationSet } from "@mall/kit/store";
import type { z } from "zod";
import type { Exposure } from "./exposures.ts";
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

/** A gRPC process of the mall, e.g. `pay.rpc`. */
export interface RpcProcess<Config extends RpcProcessConfig, Client> {
  readonly name: string;
  readonly config: z.ZodType<Config>;
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
  readonly openApi: OpenApiPart;
  /** As of an rpc. */
  exposures?(config: Config, host: string): Exposure[];
  /** Builds the routes in a placement. */
  build(config: Config, placement: Placement): Promise<Route[]>;
  /** Who tells whose tokens are revoked; undefined where the configuration names nobody. */
  revoked(config: Config, placement: Placement): RevokedSource | undefined;
}
