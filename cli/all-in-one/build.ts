import { checkConfig } from "@mall/kit/config";
import type {
  ApiProcess,
  ApiProcessConfig,
  LocalPlacement,
  RpcProcess,
  RpcProcessConfig,
} from "@mall/kit/process";
import type { OpenApiPart, Route } from "@mall/kit/rest";
import type { createRpcServer } from "@mall/kit/rpc";
import { migrateToLatest } from "@mall/kit/store";
import { orderApi } from "@mall/order/api/main";
import { orderRpc } from "@mall/order/rpc/main";
import { payApi } from "@mall/pay/api/main";
import type { ChannelsConfig } from "@mall/pay/channels";
import { payRpc } from "@mall/pay/rpc/main";
import { productApi } from "@mall/product/api/main";
import { productRpc } from "@mall/product/rpc/main";
import { userApi } from "@mall/user/api/main";
import { userRpc } from "@mall/user/rpc/main";
import type { AllInOneConfig } from "./config.ts";
import { dtmValues } from "./dtm-values.ts";

type RpcServer = ReturnType<typeof createRpcServer>;

/** What the services need to know about the process they are built into. */
export interface BuildOptions {
  readonly config: AllInOneConfig;
  readonly dataSource: string;
  readonly accessSecret: string;
  readonly placement: LocalPlacement;
  /** Where buyers pay; what the configuration says by default. */
  readonly channels?: ChannelsConfig;
}

/** One service built into this process. */
export interface BuiltService {
  readonly name: string;
  readonly ports: { readonly Api: number; readonly Rpc: number };
  readonly routes: Route[];
  readonly openApi: OpenApiPart;
  /** The `.proto` file of its rpc. */
  readonly contract: URL;
  /** Offers the service's methods on a gRPC server. */
  serve(server: RpcServer): void;
}

/** Builds the four services, neighbours before those who call them, and their apis when all rpcs are there. */
export async function buildServices(options: BuildOptions): Promise<BuiltService[]> {
  const { config } = options;
  const rpcs = [
    await buildRpc(options, { name: "user", rpc: userRpc, api: userApi, ports: config.User }),
    await buildRpc(options, { name: "product", rpc: productRpc, api: productApi, ports: config.Product }),
    await buildRpc(options, { name: "order", rpc: orderRpc, api: orderApi, ports: config.Order }),
    await buildRpc(options, { name: "pay", rpc: payRpc, api: payApi, ports: config.Pay }),
  ];
  const built: BuiltService[] = [];
  for (const buildApi of rpcs) built.push(await buildApi());
  return built;
}

interface ServiceParts<RpcConfig extends RpcProcessConfig, Client, ApiConfig extends ApiProcessConfig> {
  readonly name: string;
  readonly rpc: RpcProcess<RpcConfig, Client>;
  readonly api: ApiProcess<ApiConfig>;
  readonly ports: { readonly Api: number; readonly Rpc: number };
}

/** @returns what builds the api of the service. */
async function buildRpc<RpcConfig extends RpcProcessConfig, Client, ApiConfig extends ApiProcessConfig>(
  options: BuildOptions,
  { name, rpc, api, ports }: ServiceParts<RpcConfig, Client, ApiConfig>,
): Promise<() => Promise<BuiltService>> {
  const { config, dataSource, placement } = options;
  const database = await placement.database(dataSource);
  for (const set of rpc.migrations) await migrateToLatest(database, set);
  const implementation = await rpc.build(
    checkConfig(rpc.name, rpcValues(options, ports.Rpc), rpc.config),
    placement,
  );
  placement.provide(rpc.service, implementation);
  const apiConfig = checkConfig(api.name, apiValues(options, ports.Api), api.config);
  return async () => ({
    name,
    ports,
    routes: await api.build(apiConfig, placement),
    openApi: api.openApi,
    contract: rpc.contract,
    serve: (server) => server.add(rpc.service, implementation),
  });

  function rpcValues({ config }: BuildOptions, port: number): object {
    const { Mode, Salt, PasswordScheme, Host, CacheRedis } = config;
    const ends = { OrderExpire: `${config.OrderExpire}ms`, PayExpire: `${config.PayExpire}ms` };
    const own = { Name: rpc.name, Mode, ListenOn: `${Host}:${port}`, Mysql: { DataSource: dataSource } };
    const Channels = options.channels ?? config.Channels;
    const Saga = { Retention: `${config.Saga.Retention}ms` };
    const theirs = { Saga, Salt, PasswordScheme, ...ends, Channels, ...(CacheRedis && { CacheRedis }) };
    return { ...own, ...NEIGHBOURS, ...theirs, ...dtmValues(config) };
  }

  function apiValues({ accessSecret }: BuildOptions, port: number): object {
    const { Mode, Host, RateLimit, CacheRedis } = config;
    const auth = { AccessSecret: accessSecret, AccessExpire: config.Auth.AccessExpire };
    const own = { Name: api.name, Mode, Host, Port: port, RateLimit, Auth: auth };
    return { ...own, ...NEIGHBOURS, ...(CacheRedis && { CacheRedis }) };
  }
}

/** Every neighbour is a function call away: their configuration blocks are only there. */
const NEIGHBOURS = { UserRpc: {}, ProductRpc: {}, OrderRpc: {}, PayRpc: {} };
