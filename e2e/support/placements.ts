import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkConfig, rpcClientConfig } from "@mall/kit/config";
import { createLogger } from "@mall/kit/log";
import { noopObserver } from "@mall/kit/observe";
import {
  Companions,
  createBreakers,
  createLocalPlacement,
  type RpcProcess,
  type RpcProcessConfig,
  type RunningProcess,
  serveRpc,
} from "@mall/kit/process";
import { connectRpcClient, type RpcCredentials, type ServiceDefinition } from "@mall/kit/rpc";
import { systemRuntime } from "@mall/kit/runtime";
import { type OrderClient, OrderService } from "@mall/order/rpc";
import { orderRpc } from "@mall/order/rpc/main";
import { type PayClient, PayService } from "@mall/pay/rpc";
import { payRpc } from "@mall/pay/rpc/main";
import { type ProductClient, ProductService } from "@mall/product/rpc";
import { productRpc } from "@mall/product/rpc/main";
import { type UserClient, UserService } from "@mall/user/rpc";
import { userRpc } from "@mall/user/rpc/main";
import { stringify } from "yaml";
import { buildServices } from "../../cli/all-in-one/build.ts";
import { allInOneConfig } from "../../cli/all-in-one/config.ts";
import { SEED_SALT, TEST_SECRET } from "./mall.ts";
import { migrateAll } from "./mall-tables.ts";

/** The rpc services of the mall by name. */
export const RPC_SERVICES = {
  user: UserService,
  product: ProductService,
  order: OrderService,
  pay: PayService,
} as const;

export type ServiceName = keyof typeof RPC_SERVICES;
const SERVICE_NAMES: readonly ServiceName[] = ["user", "product", "order", "pay"];

/** A client of every rpc service. */
export interface Clients {
  readonly user: UserClient;
  readonly product: ProductClient;
  readonly order: OrderClient;
  readonly pay: PayClient;
}

/** The four rpc services in one placement, and how to call them. */
export interface PlacedServices {
  readonly clients: Clients;
  stop(): Promise<void>;
}

/** What calls take at most in both placements, milliseconds; go-zero's default. */
const TIMEOUT_MS = 2000;

/** Orders and payments that tell the same whenever they are made. */
const ORDER_BLOCK = { OrderExpire: 0, OpenOrdersMax: 0 };
const PAY_BLOCK = { PayExpire: 0 };

/**
 * The four services bound to each other by function calls, as all-in-one binds them; `orderBlock` are further keys of
 * its block `Order`.
 */
export async function placeLocally(dataSource: string, orderBlock: object = {}): Promise<PlacedServices> {
  const log = createLogger({ name: "local", level: "error" });
  const watched = { runtime: systemRuntime, log, observer: noopObserver };
  const breakers = createBreakers(watched);
  const placement = createLocalPlacement({ ...watched, breakers, serverTimeoutMs: TIMEOUT_MS });
  const blocks = { User: { Salt: SEED_SALT }, Order: { ...ORDER_BLOCK, ...orderBlock }, Pay: PAY_BLOCK };
  const config = checkConfig("(test)", blocks, allInOneConfig);
  await buildServices({ config, dataSource, accessSecret: TEST_SECRET, placement });
  placement.startJobs();
  const client = <Client>(definition: ServiceDefinition<Client>): Client =>
    placement.client(definition, checkConfig("(test)", { Timeout: TIMEOUT_MS }, rpcClientConfig), "(test)");
  return {
    clients: {
      user: client(UserService),
      product: client(ProductService),
      order: client(OrderService),
      pay: client(PayService),
    },
    stop: () => placement.close(),
  };
}

/** The four services as gRPC servers that reach each other over the network, as split processes do. */
export interface NetworkServices extends PlacedServices {
  /** `host:port` of each service. */
  readonly addresses: Readonly<Record<ServiceName, string>>;
}

/** What the configurations of all rpc processes say beyond the test's own. */
export interface NetworkSettings {
  readonly server?: object;
  /** Of each neighbour's block, e.g. UserRpc. */
  readonly neighbour?: object;
  /** As one `mall serve` starts them: they call each other directly. */
  readonly together?: boolean;
}

/** `dataSources`: one for all services, or each its own. */
export async function placeOnNetwork(
  dataSources: string | Readonly<Record<ServiceName, string>>,
  { server = {}, neighbour = {}, together = false }: NetworkSettings = {},
): Promise<NetworkServices> {
  const folder = mkdtempSync(join(tmpdir(), "mall-network-"));
  const sourceOf = (service: ServiceName): string =>
    typeof dataSources === "string" ? dataSources : dataSources[service];
  for (const dataSource of new Set(SERVICE_NAMES.map(sourceOf))) await migrateAll(dataSource);
  const running: RunningProcess[] = [];
  const companions = together ? new Companions() : undefined;
  const serve = async <Config extends RpcProcessConfig, Client>(
    service: ServiceName,
    process: RpcProcess<Config, Client>,
    values: object,
  ): Promise<string> => {
    const path = join(folder, `${process.name}.yaml`);
    const own = { Name: process.name, Mode: "dev", ListenOn: "127.0.0.1:0", Log: { Level: "severe" } };
    // No balancer is in front that must be given time.
    const Shutdown = { WrapUpTime: "10ms" };
    writeFileSync(
      path,
      stringify({ ...own, Shutdown, Mysql: { DataSource: sourceOf(service) }, ...server, ...values }),
    );
    const started = await serveRpc(process, path, systemRuntime, companions);
    running.push(started);
    return started.addresses[0]?.url ?? "";
  };
  const user = await serve("user", userRpc, { Salt: SEED_SALT });
  const product = await serve("product", productRpc, {});
  const at = (address: string): object => ({ Endpoints: [address], ...neighbour });
  const [UserRpc, ProductRpc] = [at(user), at(product)];
  const order = await serve("order", orderRpc, { UserRpc, ProductRpc, ...ORDER_BLOCK });
  const pay = await serve("pay", payRpc, { UserRpc, OrderRpc: at(order), ...PAY_BLOCK });
  const { clients, close } = connectAll({ user, product, order, pay });
  return {
    addresses: { user, product, order, pay },
    clients,
    stop: async () => {
      close();
      for (const process of running.toReversed()) await process.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Clients of four gRPC servers, which show `auth`. */
export function connectAll(
  addresses: Readonly<Record<ServiceName, string>>,
  auth?: RpcCredentials,
): {
  clients: Clients;
  close(): void;
} {
  const closers: (() => void)[] = [];
  const connect = <Client>(definition: ServiceDefinition<Client>, address: string): Client => {
    const options = { endpoints: [address], timeoutMs: TIMEOUT_MS, runtime: systemRuntime, auth };
    const { client, close } = connectRpcClient({ definition, ...options });
    closers.push(close);
    return client;
  };
  return {
    clients: {
      user: connect(UserService, addresses.user),
      product: connect(ProductService, addresses.product),
      order: connect(OrderService, addresses.order),
      pay: connect(PayService, addresses.pay),
    },
    close: () => {
      for (const close of closers) close();
    },
  };
}
