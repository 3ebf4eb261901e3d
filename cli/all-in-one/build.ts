import type { LocalPlacement } from "@mall/kit/process";
import type { OpenApiPart, Route } from "@mall/kit/rest";
import type { createRpcServer } from "@mall/kit/rpc";
import { migrateToLatest } from "@mall/kit/store";
import type { LoadedService } from "../services.ts";
import { nameChannels } from "./channels.ts";
import { blockIn, SERVICES, type ServiceBlock } from "./config.ts";
import { apiPartConfig, type PartOptions, rpcPartConfig } from "./part-config.ts";

type RpcServer = ReturnType<typeof createRpcServer>;

/** What the services need to know about the process they are built into. */
export interface BuildOptions extends PartOptions {
  readonly placement: LocalPlacement;
}

/** One service built into this process. */
export interface BuiltService {
  readonly name: string;
  /** The block of the file that names its ports. */
  readonly block: string;
  readonly ports: ServiceBlock;
  readonly routes: Route[];
  readonly openApi: OpenApiPart;
  /** The `.proto` file of its rpc. */
  readonly contract: URL;
  /** Offers the service's methods on a gRPC server. */
  serve(server: RpcServer): void;
}

/** Builds all services, neighbours before those who call them, and their apis when all rpcs are there. */
export async function buildServices(options: BuildOptions): Promise<BuiltService[]> {
  const built: (() => Promise<BuiltService>)[] = [];
  for (const service of SERVICES) built.push(await buildRpc(options, service));
  const services: BuiltService[] = [];
  for (const buildApi of built) services.push(await buildApi());
  return services;
}

/** @returns what builds the api of the service. */
async function buildRpc(options: BuildOptions, service: LoadedService): Promise<() => Promise<BuiltService>> {
  const { config, dataSource, placement } = options;
  const { name, block, rpc, api } = service;
  const database = await placement.database(dataSource);
  for (const set of rpc.migrations) await migrateToLatest(database, set);
  const implementation = await rpc.build(rpcPartConfig(options, service), placement);
  placement.provide(rpc.service, implementation);
  const apiConfig = apiPartConfig(options, service);
  return async () => {
    const revoked = api.revoked(apiConfig, placement);
    if (revoked !== undefined) placement.revocations.follow(revoked);
    return {
      name,
      block,
      ports: blockIn(config, block),
      routes: await api.build(apiConfig, placement),
      openApi: nameChannels(api.openApi, config),
      contract: rpc.contract,
      serve: (server) => server.add(rpc.service, implementation),
    };
  };
}
