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
  /** Its own, without the servers that it stands on. */
  readonly own: ReadonlyMap<string, Child>;
  readonly processes: ReadonlyMap<string, CpuMeter>;
  stop(): Promise<void>;
}

/** Its processes listen by themselves. */
export interface SplitPlacement extends Placement {
  urlOf(name: ProcessName): string;
}

/** What placements stand on. */
export interface PlacementOptions {
  readonly backends: Backends;
  /** For configuration files. */
  readonly folder: string;
  /** What `node` runs for `mall`; this checkout's without it. */
  readonly command?: readonly string[];
  /** A DSN of a database with the mall's tables, where it is not the backends'. */
  readonly dataSource?: string;
  readonly channel?: ChannelShape | undefined;
}

/** The channel that people pay at, beside gateways that call back. */
interface ChannelShape {
  /** Base URL of bench/bank.ts. */
  readonly bank: string;
  /** A free one, for the api that its notifications come to. */
  readonly port: number;
}

/** Who the bank knows the mall as. */
export const BENCH_BANK = { appId: "mall", secret: "a secret of mall and bank" } as const;

/** A split placement among several. */
export interface SplitShape {
  /** Tells its processes from those of others: all share one etcd. */
  readonly name: string;
  /** `Mux` of its rpc clients. */
  readonly mux: boolean;
  /** Whether statements and Redis commands of a tick travel together. */
  readonly batches: boolean;
  /**
   * Those that the requests go through, each after those that it calls, and which of them one command serves; what pay
   * create needs without it, each by itself.
   */
  readonly members?: readonly (readonly ProcessName[])[];
}

const WITHOUT_BATCHES = new URL("without-batches.ts", import.meta.url).href;

export type ProcessName = `${"user" | "product" | "order" | "pay"}.${"rpc" | "api"}`;
const PAY_CREATE: readonly (readonly ProcessName[])[] = [
  ["user.rpc"],
  ["order.rpc"],
  ["pay.rpc"],
  ["pay.api"],
];

/** A slow machine is to give slow figures, not none. */
export const TIMEOUT_MS = 20_000;

/** No lines about requests, as all-in-one has it by default, and nothing shed: a bench is meant to fill the machine. */
const QUIET = {
  Mode: "test",
  Timeout: TIMEOUT_MS,
  Log: { Level: "severe" },
  Middlewares: { Log: false, Stat: false },
};

/** The processes that the requests go through, each a real one; `url` is the last one's. */
export async function startSplit(shape: SplitShape, options: PlacementOptions): Promise<SplitPlacement> {
  const { backends, folder, command = MALL_COMMAND } = options;
  const mall = shape.batches ? command : ["--import", WITHOUT_BATCHES, ...command];
  const children = new Map<string, Child>();
  for (const together of shape.members ?? PAY_CREATE) {
    const files = together.flatMap((each) => {
      const file = join(folder, `${shape.name}.${each}.yaml`);
      writeFileSync(file, stringify(configOf(each, shape, options)));
      return ["-f", file];
    });
    // The last one's address is what others need: neighbours find each other by etcd.
    const ready = new RegExp(`${together.at(-1)} is ready at (\\S+)`);
    children.set(together.join(" "), await startChild([...mall, "serve", ...together, ...files], ready));
  }
  const urlOf = (name: ProcessName): string => {
    const [, child] = [...children].find(([names]) => names.endsWith(name)) ?? [];
    return child?.url ?? "";
  };
  return {
    url: urlOf("pay.api"),
    urlOf,
    own: children,
    processes: new Map<string, CpuMeter>([...children, ...backends.processes]),
    stop: async () => {
      for (const child of [...children.values()].reverse()) await child.stop();
    },
  };
}

function configOf(process: ProcessName, { name, mux }: SplitShape, options: PlacementOptions): object {
  const { backends, dataSource = backends.dataSource, channel } = options;
  const at = (rpc: string): object => ({ Hosts: [backends.etcd], Key: `${name}.${rpc}` });
  const neighbour = (rpc: string): object => ({ Etcd: at(rpc), Mux: mux, Timeout: TIMEOUT_MS });
  const neighbours = {
    UserRpc: neighbour("user.rpc"),
    ProductRpc: neighbour("product.rpc"),
    OrderRpc: neighbour("order.rpc"),
  };
  const common = { Name: process, ...QUIET };
  if (process.endsWith(".api")) {
    const secret = { AccessSecret: BENCH_SECRET };
    const address = { Host: "127.0.0.1", Port: process === "pay.api" ? (channel?.port ?? 0) : 0 };
    return { ...common, ...address, Auth: secret, ...neighbours, PayRpc: neighbour("pay.rpc") };
  }
  return {
    ...common,
    ListenOn: "127.0.0.1:0",
    Etcd: at(process),
    Mysql: { DataSource: dataSource },
    CacheRedis: [{ Host: backends.redis, Type: "node" }],
    ...neighbours,
    ...(process === "pay.rpc" && channelsOf(channel)),
  };
}

/** The configuration of who takes payments. */
function channelsOf(channel: ChannelShape | undefined): object {
  if (channel === undefined) return {};
  const NotifyUrl = `http://127.0.0.1:${channel.port}/api/pay/notify/sandbox`;
  const { appId: AppId, secret: Secret } = BENCH_BANK;
  return { Channels: { Sandbox: { Gateway: `${channel.bank}/sandbox`, AppId, Secret, NotifyUrl } } };
}

/** The whole mall in one process, on the same servers. */
export async function startAllInOne(options: PlacementOptions): Promise<Placement> {
  const { backends, folder, dataSource = backends.dataSource } = options;
  const child = await startMall(options, {
    DataDir: folder,
    Mysql: { DataSource: dataSource },
    CacheRedis: [{ Host: backends.redis, Type: "node" }],
  });
  return {
    url: child.url,
    own: new Map([["mall", child]]),
    processes: new Map<string, CpuMeter>([["mall", child], ...backends.processes]),
    stop: () => child.stop(),
  };
}

/** The whole mall in one process on SQLite in the folder, which needs nothing else. */
export async function startEmbedded(options: Omit<PlacementOptions, "backends">): Promise<Placement> {
  const child = await startMall(options, { DataDir: options.folder, Simulator: { Enabled: false } });
  const own = new Map([["mall", child]]);
  return { url: child.url, own, processes: own, stop: () => child.stop() };
}

function startMall(
  { folder, command = MALL_COMMAND, channel }: Omit<PlacementOptions, "backends">,
  storage: object,
): Promise<Child> {
  const anyPort = { Api: 0, Rpc: 0 };
  const file = join(folder, "mall.yaml");
  const pay = { ...anyPort, ...channelsOf(channel) };
  const services = { User: anyPort, Product: anyPort, Order: anyPort, Pay: pay };
  const common = { Port: channel?.port ?? 0, Auth: { AccessSecret: BENCH_SECRET } };
  writeFileSync(file, stringify({ ...common, ...storage, ...services }));
  return startChild([...command, "up", "-f", file], /gateway\s+(http:\S+)/);
}
