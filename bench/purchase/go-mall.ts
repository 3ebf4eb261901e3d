import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { systemRuntime } from "@mall/kit/runtime";
import { openDatabase } from "@mall/kit/store";
import { freePorts, startGoServer } from "@mall/kit/testing";
import { stringify } from "yaml";
import { type Backends, startBackends } from "../backends.ts";
import { type CpuMeter, cpuMsOf } from "../child.ts";
import { BENCH_SECRET } from "../fill.ts";
import { TIMEOUT_MS } from "../placements.ts";
import type { BenchMall } from "./malls.ts";
import { openShop, type Shop } from "./shop.ts";

const SERVICES = ["user", "product", "order", "pay"] as const;
/** Each after those that it calls: a go-zero process ends where a neighbour is away when it starts. */
const PROCESSES = ["user.rpc", "product.rpc", "order.rpc", "pay.rpc", "order.api", "pay.api"] as const;
type ProcessName = (typeof PROCESSES)[number];

/** As go-zero-mall's configuration has it; its driver must make times of the rows. */
const DSN_PARAMETERS = "?charset=utf8mb4&parseTime=true&loc=Asia%2FShanghai";

/** Starts go-zero-mall's own programs over an empty shop, in its own tables. */
export async function startGoMall(programs: string, shop: Shop): Promise<BenchMall> {
  const folder = mkdtempSync(join(tmpdir(), "mall-bench-go-"));
  const undo: (() => Promise<void>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const step of undo.toReversed()) await step();
  };
  try {
    const backends = await startBackends();
    undo.push(() => backends.stop());
    await createSeedTables(backends.dataSource);
    await openShop(backends.dataSource, shop);
    const ports = await freePorts(PROCESSES.length);
    const processes = new Map<string, CpuMeter>(backends.processes);
    const urls = new Map<ProcessName, string>();
    for (const [index, name] of PROCESSES.entries()) {
      const port = ports[index] ?? 0;
      const file = join(folder, `${name}.yaml`);
      writeFileSync(file, stringify(configOf(name, port, backends)));
      const server = await startGoServer({ binary: join(programs, name) }, ["-f", file], port);
      undo.push(() => server.stop("SIGTERM"));
      processes.set(name, { cpuMs: () => cpuMsOf(server.pid) });
      urls.set(name, `http://127.0.0.1:${port}`);
    }
    const apis = { order: urls.get("order.api") ?? "", pay: urls.get("pay.api") ?? "" };
    return { name: "Go, split", apis, processes, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function createSeedTables(dataSource: string): Promise<void> {
  const database = await openDatabase({ dataSource, runtime: systemRuntime });
  for (const service of SERVICES) {
    const path = resolve(import.meta.dirname, `../../services/${service}/model/migrations/0001-seed.sql`);
    await database.write({ sql: readFileSync(path, "utf8"), parameters: [] });
  }
  await database.close();
}

/** Nothing is shed and no request logged, as in the mall's own processes under measurement. */
function configOf(name: ProcessName, port: number, { dataSource, redis, etcd }: Backends): object {
  const at = (rpc: string): object => ({ Hosts: [etcd], Key: rpc });
  const quiet = { Mode: "test", CpuThreshold: 0, Log: { Level: "severe" } };
  const common = { Name: name, Timeout: TIMEOUT_MS, ...quiet };
  const neighbour = (rpc: string): object => ({ Etcd: at(rpc), Timeout: TIMEOUT_MS });
  const neighbours = {
    UserRpc: neighbour("user.rpc"),
    ProductRpc: neighbour("product.rpc"),
    OrderRpc: neighbour("order.rpc"),
  };
  if (name.endsWith(".api")) {
    const auth = { AccessSecret: BENCH_SECRET, AccessExpire: 86_400 };
    return {
      ...common,
      Host: "127.0.0.1",
      Port: port,
      Auth: auth,
      ...neighbours,
      PayRpc: neighbour("pay.rpc"),
    };
  }
  return {
    ...common,
    ListenOn: `127.0.0.1:${port}`,
    Etcd: at(name),
    Mysql: { DataSource: `${dataSource.replace(/\?.*/, "")}${DSN_PARAMETERS}` },
    CacheRedis: [{ Host: redis, Type: "node" }],
    ...(name === "user.rpc" && { Salt: "HWVOFkGgPTryzICwd7qnJaZR9KQ2i8xe" }),
    ...neighbours,
  };
}
