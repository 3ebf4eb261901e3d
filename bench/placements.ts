import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Backends } from "./backends.ts";
import { type Child, type CpuMeter, startChild } from "./child.ts";
import { BENCH_SECRET } from "./fill.ts";
import { MALL_COMMAND } from "./mall-command.ts";

/** A mall that serves pay create: where, and by which processes. */
export interface Placement {
  readonly url: string;
  readonly processes: ReadonlyMap<string, CpuMeter>;
  stop(): Promise<void>;
}

interface PlacementOptions {
  readonly backends: Backends;
  /** For configuration files. */
  readonly folder: string;
}

/** A split placement among several. */
export interface SplitShape {
  /** Tells its processes from those of others: all share one etcd. */
  readonly name: string;
  /** `Mux` of its rpc clients. */
  readonly mux: boolean;
  /** Whether statements and Redis commands of a tick travel together. */
  readonly batches: boolean;
}

const WITHOUT_BATCHES = new URL("without-batches.ts", import.meta.url).href;

const PROCESSES = ["user.rpc", "order.rpc", "pay.rpc", "pay.api"] as const;
type ProcessName = (typeof PROCESSES)[number];

/** No lines about requests, as all-in-one has it by default, and nothing shed: a bench is meant to fill the machine. */
const QUIET = { Mode: "test", Log: { Level: "severe" }, Middlewares: { Log: false, Stat: false } };

/** The processes that pay create goes through, each a real one. */
export async function startSplit(shape: SplitShape, options: PlacementOptions): Promise<Placement> {
  const { backends, folder } = options;
  const mall = shape.batches ? MALL_COMMAND : ["--import", WITHOUT_BATCHES, ...MALL_COMMAND];
  const children = new Map<string, Child>();
  for (const each of PROCESSES) {
    const file = join(folder, `${shape.name}.${each}.yaml`);
    writeFileSync(file, stringify(configOf(each, shape, backends)));
    children.set(each, await startChild([...mall, "serve", each, "-f", file], / is ready at (\S+)/));
  }
  const url = children.get("pay.api")?.url ?? "";
  return {
    url,
    processes: new Map<string, CpuMeter>([...children, ...backends.processes]),
    stop: async () => {
      for (const child of [...children.values()].reverse()) await child.stop();
    },
  };
}

function configOf(process: ProcessName, { name, mux }: SplitShape, backends: Backends): object {
  const at = (rpc: string): object => ({ Hosts: [backends.etcd], Key: `${name}.${rpc}` });
  const neighbour = (rpc: string): object => ({ Etcd: at(rpc), Mux: mux });
  const common = { Name: process, ...QUIET };
  if (process === "pay.api") {
    const secret = { AccessSecret: BENCH_SECRET };
    return { ...common, Host: "127.0.0.1", Port: 0, Auth: secret, PayRpc: neighbour("pay.rpc") };
  }
  return {
    ...common,
    ListenOn: "127.0.0.1:0",
    Etcd: at(process),
    Mysql: { DataSource: backends.dataSource },
    CacheRedis: [{ Host: backends.redis, Type: "node" }],
    UserRpc: neighbour("user.rpc"),
    ProductRpc: neighbour("product.rpc"),
    OrderRpc: neighbour("order.rpc"),
  };
}

/** The whole mall in one process, on the same servers. */
export async function startAllInOne({ backends, folder }: PlacementOptions): Promise<Placement> {
  const anyPort = { Api: 0, Rpc: 0 };
  const file = join(folder, "mall.yaml");
  const config = {
    Port: 0,
    DataDir: folder,
    Mysql: { DataSource: backends.dataSource },
    CacheRedis: [{ Host: backends.redis, Type: "node" }],
    Auth: { AccessSecret: BENCH_SECRET },
    User: anyPort,
    Product: anyPort,
    Order: anyPort,
    Pay: anyPort,
  };
  writeFileSync(file, stringify(config));
  const child = await startChild([...MALL_COMMAND, "up", "-f", file], /pay\.api\s+(http:\S+)/);
  return {
    url: child.url,
    processes: new Map<string, CpuMeter>([["mall", child], ...backends.processes]),
    stop: () => child.stop(),
  };
}
