import type { LocalPlacement } from "@mall/kit/process";
import type { OpenApiPart, Route } from "@mall/kit/rest";
import type { createRpcServer } from "@mall/kit/rpc";
import { migrateToLatest } from "@mall/kit/store";
import type { LoadedService } from "../services.ts";
import { nameChannels } from "./channels.ts";
import { blockIn, SERVICES } from "./config.ts";
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
  readonly rpc?: BuiltRpc;
  readonly api?: BuiltApi;
}

interface BuiltRpc {
  readonly port: number;
  /** Its `.proto` file. */
  readonly contract: URL;
  /** Offers the service's methods on a gRPC server. */
  serve(server: RpcServer): void;
}

interface BuiltApi {
  readonly port: number;
  readonly routes: Route[];
  readonly openApi: OpenApiPart;
}

/** Builds all services, neighbours before those who call them, and their apis when all rpcs are there. */
export async function buildServices(options: BuildOptions): Promise<BuiltService[]> {
  const rpcs: (BuiltRpc | undefined)[] = [];
  for (const service of SERVICES) rpcs.push(await buildRpc(options, service));
  const services: BuiltService[] = [];
  for (const [index, service] of SERVICES.entries()) {
    const rpc = rpcs[index];
    const api = await buildApi(options, service);
    const { name, block } = service;
    services.push({ name, block, ...(rpc && { rpc }), ...(api && { api }) });
  }
  return services;
}

async function buildRpc(options: BuildOptions, { block, rpc }: LoadedService): Promise<BuiltRpc | undefined> {
  if (rpc === undefined) return undefined;
  const { config, dataSource, placement } = options;
  const database = await placement.database(dataSource);
  for (const set of rpc.migrations) await migrateToLatest(database, set);
  const implementation = await rpc.build(rpcPartConfig(options, { block, rpc }), placement);
  placement.provide(rpc.service, implementation);
  return {
    port: blockIn(config, block).Rpc ?? 0,
    contract: rpc.contract,
    serve: (server) => server.add(rpc.service, implementation),
  };
}

async function buildApi(options: BuildOptions, { block, api }: LoadedService): Promise<BuiltApi | undefined> {
  if (api === undefined) return undefined;
  const { config, placement } = options;
  const apiConfig = apiPartConfig(options, { block, api });
  const revoked = api.revoked(apiConfig, placement);
  if (revoked !== undefined) placement.revocations.follow(revoked);
  return {
    port: blockIn(config, block).Api ?? 0,
    routes: await api.build(apiConfig, placement),
    openApi: nameChannels(api.openApi, config),
  };
}
