import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveApi, serveRpc } from "@mall/kit/process";
import type { ServiceDefinition } from "@mall/kit/rpc";
import { systemRuntime } from "@mall/kit/runtime";
import { type Database, openDatabase } from "@mall/kit/store";
import {
  connectGoClient,
  freePort,
  freePorts,
  type GoClient,
  startGoStandIn,
  type TestEtcd,
  until,
  valuesUnder,
} from "@mall/kit/testing";
import { orderApi } from "@mall/order/api/main";
import { OrderService } from "@mall/order/rpc";
import { orderRpc } from "@mall/order/rpc/main";
import { payApi } from "@mall/pay/api/main";
import { PayService } from "@mall/pay/rpc";
import { payRpc } from "@mall/pay/rpc/main";
import { productApi } from "@mall/product/api/main";
import { ProductService } from "@mall/product/rpc";
import { productRpc } from "@mall/product/rpc/main";
import { userApi } from "@mall/user/api/main";
import { UserService } from "@mall/user/rpc";
import { userRpc } from "@mall/user/rpc/main";
import { stringify } from "yaml";
import { SEED_SALT, TEST_SECRET } from "../support/mall.ts";
import type { ApiUrls } from "../support/people.ts";
import { type Running, type Service, startGoApi } from "./go-api.ts";
import { goOrder, goPay, goProduct, goUser } from "./go-services.ts";
import { type RealGo, SEED_PARAMETERS, startRealGo } from "./real-go.ts";

const SERVICES: readonly Service[] = ["user", "product", "order", "pay"];
export type ProcessName = `${Service}.${"rpc" | "api"}`;
export type Kind = "go" | "ours";

/** Eight processes on ports of their own over one database, each of them ours or go-zero-mall's. */
export interface SwapMall {
  readonly urls: ApiUrls;
  readonly database: Database;
  readonly dataSource: string;
  /** Ends one process and starts it again as the other kind, on the same port. */
  swap(name: ProcessName, kind: Kind): Promise<void>;
  /** Starts a second process of one name, of the other kind and under the same etcd key; what it gives ends the first. */
  startBeside(name: ProcessName, kind: Kind): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

export interface SwapMallOptions {
  readonly dataSource: string;
  /** go-zero-mall's own programs; stand-ins for them by default. */
  readonly real?: RealGo | undefined;
  /** Where the rpcs find each other, which stand-ins cannot; on fixed ports without it. */
  readonly etcd?: TestEtcd;
}

/** Starts all processes as `kind` says. */
export async function startSwapMall(
  options: SwapMallOptions,
  kind: (name: ProcessName) => Kind,
): Promise<SwapMall> {
  const { dataSource } = options;
  const ports = (await freePorts(8)).values();
  const places = new Map<ProcessName, number>();
  for (const layer of ["rpc", "api"] as const) {
    for (const service of SERVICES) places.set(`${service}.${layer}`, ports.next().value ?? 0);
  }
  const database = await openDatabase({ dataSource, runtime: systemRuntime });
  const processes = new Processes(places, options, database);
  for (const name of places.keys()) await processes.start(name, kind(name));
  const url = (service: Service): string => `http://127.0.0.1:${places.get(`${service}.api`)}`;
  return {
    urls: { user: url("user"), product: url("product"), order: url("order"), pay: url("pay") },
    database,
    dataSource,
    swap: async (name, to) => {
      await processes.end(name);
      await processes.start(name, to);
    },
    startBeside: (name, to) => processes.startBeside(name, to),
    stop: async () => {
      // Each waits a second for a balancer.
      await Promise.all([...places.keys()].map((name) => processes.end(name)));
      await database.close();
      processes.removeFiles();
    },
  };
}

const OURS: Readonly<Record<ProcessName, (path: string) => Promise<Running>>> = {
  "user.rpc": (path) => serveRpc(userRpc, path, systemRuntime),
  "product.rpc": (path) => serveRpc(productRpc, path, systemRuntime),
  "order.rpc": (path) => serveRpc(orderRpc, path, systemRuntime),
  "pay.rpc": (path) => serveRpc(payRpc, path, systemRuntime),
  "user.api": (path) => serveApi(userApi, path, systemRuntime),
  "product.api": (path) => serveApi(productApi, path, systemRuntime),
  "order.api": (path) => serveApi(orderApi, path, systemRuntime),
  "pay.api": (path) => serveApi(payApi, path, systemRuntime),
};

class Processes {
  readonly #ports: Map<ProcessName, number>;
  readonly #options: SwapMallOptions;
  readonly #database: Database;
  readonly #folder = mkdtempSync(join(tmpdir(), "mall-swap-"));
  readonly #running = new Map<ProcessName, Running>();
  /** Keeps this mall apart from others on the same etcd. */
  readonly #prefix = randomBytes(6).toString("hex");

  constructor(ports: Map<ProcessName, number>, options: SwapMallOptions, database: Database) {
    this.#ports = ports;
    this.#options = options;
    this.#database = database;
  }

  async start(name: ProcessName, kind: Kind): Promise<void> {
    this.#running.set(
      name,
      kind === "ours" ? await OURS[name](this.#write(name)) : await this.#startGo(name),
    );
  }

  async startBeside(name: ProcessName, kind: Kind): Promise<() => Promise<void>> {
    const { etcd } = this.#options;
    if (etcd === undefined) throw new Error("without etcd nobody finds a second process");
    const first = this.#running.get(name);
    const port = await freePort();
    this.#ports.set(name, port);
    await this.start(name, kind);
    const key = `${this.#prefix}.${name}`;
    await until(`${key} at ${port}`, async () =>
      (await valuesUnder(etcd, key)).includes(`127.0.0.1:${port}`),
    );
    return async () => first?.stop();
  }

  async end(name: ProcessName): Promise<void> {
    await this.#running.get(name)?.stop();
    this.#running.delete(name);
  }

  removeFiles(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #startGo(name: ProcessName): Promise<Running> {
    const { real } = this.#options;
    if (real === undefined) return this.#startStandIn(name);
    return startRealGo(real, { name, path: this.#write(name), port: this.#ports.get(name) ?? 0 });
  }

  async #startStandIn(name: ProcessName): Promise<Running> {
    const port = this.#ports.get(name) ?? 0;
    const clients = this.#connect();
    const stop = (running: Running): Running => ({
      stop: async () => {
        await running.stop();
        for (const { close } of clients.all) close();
      },
    });
    const { user, product, order, pay } = clients;
    const neighbours = { user: user.calls, product: product.calls, order: order.calls };
    const database = this.#database;
    switch (name) {
      case "user.rpc":
        return stop(await startGoStandIn(UserService, goUser(database), port));
      case "product.rpc":
        return stop(await startGoStandIn(ProductService, goProduct(database), port));
      case "order.rpc":
        return stop(await startGoStandIn(OrderService, goOrder(database, neighbours), port));
      case "pay.rpc":
        return stop(await startGoStandIn(PayService, goPay(database, neighbours), port));
      case "user.api":
        return stop(await startGoApi("user", user.calls, port));
      case "product.api":
        return stop(await startGoApi("product", product.calls, port));
      case "order.api":
        return stop(await startGoApi("order", order.calls, port));
      case "pay.api":
        return stop(await startGoApi("pay", pay.calls, port));
    }
  }

  #connect() {
    const to = <Client>(service: Service, definition: ServiceDefinition<Client>): GoClient<Client> =>
      connectGoClient(definition, `127.0.0.1:${this.#ports.get(`${service}.rpc`)}`);
    const user = to("user", UserService);
    const product = to("product", ProductService);
    const order = to("order", OrderService);
    const pay = to("pay", PayService);
    return { user, product, order, pay, all: [user, product, order, pay] };
  }

  /** The seed's keys, and nothing that says how passwords are kept. */
  #write(name: ProcessName): string {
    const port = this.#ports.get(name) ?? 0;
    const block = (service: Service) =>
      this.#etcd(`${service}.rpc`) ?? { Endpoints: [`127.0.0.1:${this.#ports.get(`${service}.rpc`)}`] };
    const own = name.endsWith(".rpc")
      ? { ListenOn: `127.0.0.1:${port}`, ...this.#etcd(name), ...this.#storage() }
      : { Host: "127.0.0.1", Port: port, Auth: { AccessSecret: TEST_SECRET, AccessExpire: 86_400 } };
    const path = join(this.#folder, `${name}.yaml`);
    const values = {
      Name: name,
      Mode: "dev",
      Log: { Level: "severe" },
      // Who finds it through etcd needs a moment to hear that it goes.
      ...(this.#options.etcd === undefined && { Shutdown: { WrapUpTime: "10ms" } }),
      ...own,
      UserRpc: block("user"),
      ProductRpc: block("product"),
      OrderRpc: block("order"),
      PayRpc: block("pay"),
      ...(name === "user.rpc" && { Salt: SEED_SALT }),
      ...(name === "user.api" && { RateLimit: { LoginPerMinute: 0, RegisterPerMinute: 0 } }),
    };
    writeFileSync(path, stringify(values));
    return path;
  }

  #etcd(name: ProcessName): object | undefined {
    const { etcd } = this.#options;
    return etcd && { Etcd: { Hosts: [etcd.host], Key: `${this.#prefix}.${name}` } };
  }

  /** Where rows are, and where they are cached if there are real Go processes, which need that. */
  #storage(): object {
    const { dataSource, real } = this.#options;
    if (real === undefined) return { Mysql: { DataSource: dataSource } };
    return {
      Mysql: { DataSource: dataSource + SEED_PARAMETERS },
      CacheRedis: [{ Host: real.redis.host, Type: "node" }],
    };
  }
}
