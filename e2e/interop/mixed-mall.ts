import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkConfig, redisKeyConfig } from "@mall/kit/config";
import {
  type ApiProcess,
  type ApiProcessConfig,
  type RpcProcess,
  type RpcProcessConfig,
  RpcTokens,
  type RunningProcess,
  serveApi,
  serveRpc,
} from "@mall/kit/process";
import { systemRuntime } from "@mall/kit/runtime";
import { freePort, type GoServer, startGoServer } from "@mall/kit/testing";
import { orderApi } from "@mall/order/api/main";
import { orderRpc } from "@mall/order/rpc/main";
import { payApi } from "@mall/pay/api/main";
import { payRpc } from "@mall/pay/rpc/main";
import { productApi } from "@mall/product/api/main";
import { productRpc } from "@mall/product/rpc/main";
import { userApi } from "@mall/user/api/main";
import { userRpc } from "@mall/user/rpc/main";
import { stringify } from "yaml";
import { SEED_SALT, TEST_SECRET } from "../support/mall.ts";
import type { ApiUrls } from "../support/people.ts";
import { contractOf, type GoPrograms } from "./go-programs.ts";

/** The hash that holds the token of `mall`, for which every rpc server asks. */
const AUTH_KEY = "rpc:auth";
const GRANTED = { App: "mall", Token: "s3cret" };
/** Peers of a test are told at once. */
const Shutdown = { WrapUpTime: "10ms" };

export interface MixedMallOptions {
  readonly dataSource: string;
  /** `host:port` of the servers that all processes share. */
  readonly etcd: string;
  readonly redis: string;
  /** The services whose rpc is go-zero's. */
  readonly go?: { readonly user?: GoPrograms; readonly order?: GoPrograms };
}

/** Eight processes that find each other through etcd and ask each other for tokens, some of them in Go. */
export interface MixedMall {
  readonly urls: ApiUrls;
  /** Writes a configuration with which go-zero's client finds one of the rpc servers; returns its path. */
  clientConfig(service: string, shown?: object): string;
  /** Ends an rpc process, ours in order, go-zero's as a crash would, and starts it again on another port. */
  restart(service: "user" | "product"): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the processes in the order in which go-zero's can: those that are called before those that call. */
export async function startMixedMall(options: MixedMallOptions): Promise<MixedMall> {
  await grantToken(options.redis);
  const mall = new Processes(options);
  const { go = {} } = options;
  const serve = {
    user: () =>
      go.user === undefined
        ? mall.serveRpc(userRpc, { Salt: SEED_SALT })
        : mall.serveGo(go.user, "user", [contractOf("user")]),
    product: () => mall.serveRpc(productRpc),
  };
  await serve.user();
  await serve.product();
  if (go.order === undefined) await mall.serveRpc(orderRpc, { OrderExpire: 0 });
  else await mall.serveGo(go.order, "order", ["order", "user", "product"].map(contractOf));
  await mall.serveRpc(payRpc);
  const urls = {
    user: await mall.serveApi(userApi),
    product: await mall.serveApi(productApi),
    order: await mall.serveApi(orderApi),
    pay: await mall.serveApi(payApi),
  };
  return {
    urls,
    clientConfig: (service, shown) => mall.clientConfig(service, shown),
    restart: async (service) => {
      await mall.end(`${service}.rpc`);
      await serve[service]();
    },
    stop: () => mall.stop(),
  };
}

async function grantToken(redis: string): Promise<void> {
  const config = checkConfig("(test)", { Host: redis, Key: AUTH_KEY }, redisKeyConfig);
  const tokens = await RpcTokens.open({ config, runtime: systemRuntime });
  await tokens.grant(GRANTED.App, GRANTED.Token);
  tokens.close();
}

class Processes {
  readonly #options: MixedMallOptions;
  readonly #folder = mkdtempSync(join(tmpdir(), "mall-mixed-"));
  /** Keeps this mall apart from others on the same etcd. */
  readonly #prefix = randomBytes(6).toString("hex");
  /** In the order of their start. */
  readonly #running = new Map<string, RunningProcess | GoServer>();

  constructor(options: MixedMallOptions) {
    this.#options = options;
  }

  async serveRpc<Config extends RpcProcessConfig, Client>(
    process: RpcProcess<Config, Client>,
    values: object = {},
  ): Promise<void> {
    const { dataSource, redis } = this.#options;
    const path = this.#write(process.name, {
      ...this.#server(process.name, 0),
      ...this.#neighbours(),
      Mysql: { DataSource: dataSource },
      CacheRedis: [{ Host: redis }],
      ...values,
    });
    this.#running.set(process.name, await serveRpc(process, path, systemRuntime));
  }

  async serveApi<Config extends ApiProcessConfig>(process: ApiProcess<Config>): Promise<string> {
    const path = this.#write(process.name, {
      Name: process.name,
      Mode: "dev",
      Host: "127.0.0.1",
      Port: 0,
      Log: { Level: "severe" },
      Auth: { AccessSecret: TEST_SECRET },
      Shutdown,
      ...this.#neighbours(),
    });
    const running = await serveApi(process, path, systemRuntime);
    this.#running.set(process.name, running);
    return running.addresses.find(({ name }) => name === process.name)?.url ?? "";
  }

  async serveGo(programs: GoPrograms, service: string, contracts: readonly string[]): Promise<void> {
    const port = await freePort();
    const path = this.#write(`${service}.rpc`, {
      ...this.#server(`${service}.rpc`, port),
      ...this.#neighbours(),
    });
    this.#running.set(`${service}.rpc`, await startGoServer(programs, [service, path, ...contracts], port));
  }

  clientConfig(service: string, shown: object = GRANTED): string {
    return this.#write(`client-of-${service}`, { Etcd: this.#etcd(`${service}.rpc`), ...shown });
  }

  async end(name: string): Promise<void> {
    await this.#running.get(name)?.stop();
    this.#running.delete(name);
  }

  async stop(): Promise<void> {
    for (const name of [...this.#running.keys()].toReversed()) await this.end(name);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #write(name: string, values: object): string {
    const path = join(this.#folder, `${name}.yaml`);
    writeFileSync(path, stringify(values));
    return path;
  }

  #server(name: string, port: number): object {
    return {
      Name: name,
      Mode: "dev",
      ListenOn: `127.0.0.1:${port}`,
      Log: { Level: "severe" },
      Etcd: this.#etcd(name),
      Auth: true,
      StrictControl: true,
      Redis: { Host: this.#options.redis, Type: "node", Key: AUTH_KEY },
      Shutdown,
    };
  }

  #neighbours(): object {
    const block = (service: string): object => ({ Etcd: this.#etcd(`${service}.rpc`), ...GRANTED });
    return {
      UserRpc: block("user"),
      ProductRpc: block("product"),
      OrderRpc: block("order"),
      PayRpc: block("pay"),
    };
  }

  #etcd(name: string): object {
    return { Hosts: [this.#options.etcd], Key: `${this.#prefix}.${name}` };
  }
}
