import { checkConfig } from "@mall/kit/config";
import type {
  ApiProcess,
  ApiProcessConfig,
  LocalPlacement,
  RpcProcess,
  RpcProcessConfig,
} from "@mall/kit/process";
import { allowOnly, type OpenApiPart, type Route } from "@mall/kit/rest";
import type { createRpcServer } from "@mall/kit/rpc";
import { migrateToLatest } from "@mall/kit/store";
import { orderApi } from "@mall/order/api/main";
import { orderRpc } from "@mall/order/rpc/main";
import { payApi } from "@mall/pay/api/main";
import { channelNames } from "@mall/pay/channels";
import { payRpc } from "@mall/pay/rpc/main";
import { productApi } from "@mall/product/api/main";
import { productRpc } from "@mall/product/rpc/main";
import { userApi } from "@mall/user/api/main";
import { userRpc } from "@mall/user/rpc/main";
import { apiValues, type PartOptions, rpcValues } from "./hand-on.ts";

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
    await buildRpc(options, { name: "pay", rpc: payRpc, api: withChannels(options), ports: config.Pay }),
  ];
  const built: BuiltService[] = [];
  for (const buildApi of rpcs) built.push(await buildApi());
  return built;
}

/** The pay api, whose description names the channels that this process is configured with. */
function withChannels({ channels = { ReturnOrigins: [] } }: PartOptions): typeof payApi {
  const values = channelNames(channels);
  if (values.length === 0) return payApi;
  const asked = { schema: "pay.PrepayRequest", property: "channel", values };
  return { ...payApi, openApi: allowOnly(payApi.openApi, asked) };
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
  const { dataSource, placement } = options;
  const database = await placement.database(dataSource);
  for (const set of rpc.migrations) await migrateToLatest(database, set);
  const implementation = await rpc.build(
    checkConfig(rpc.name, rpcValues(options, rpc, ports.Rpc), rpc.config),
    placement,
  );
  placement.provide(rpc.service, implementation);
  const apiConfig = checkConfig(api.name, apiValues(options, api, ports.Api), api.config);
  return async () => {
    const revoked = api.revoked(apiConfig, placement);
    if (revoked !== undefined) placement.revocations.follow(revoked);
    return {
      name,
      block: `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
      ports,
      routes: await api.build(apiConfig, placement),
      openApi: api.openApi,
      contract: rpc.contract,
      serve: (server) => server.add(rpc.service, implementation),
    };
  };
}
