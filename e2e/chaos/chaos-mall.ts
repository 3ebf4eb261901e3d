import { execFile } from "node:child_process";
import { promisify } from "node:util";
import {
  type PrivateEtcd,
  type PrivateMariadb,
  startPrivateEtcd,
  startPrivateMariadb,
  startRedis,
  type TestRedis,
  whyNoPrivateEtcd,
  whyNoPrivateMariadb,
  whyNoRedis,
} from "@mall/kit/testing";
import { Random } from "../../sim/kernel/index.ts";
import { type SplitMall, startSplitMall } from "../support/split.ts";
import { openWays, type Ways } from "../support/ways.ts";

/** How many processes there are of each kind. */
const REPLICAS = 2;

/**
 * Until an order or payment ends that nobody pays, such as one whose opening was never answered: longer than anything
 * may be away, and shorter than the last look waits for quiet.
 */
const EXPIRE = "60s";

/** The same process in the other replica. */
export function twinOf(name: string): string {
  return `${name}.2`;
}

/** What a fault can be done to. */
export interface Part {
  readonly name: string;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** Starts it again. */
  start(): Promise<void>;
  /** Stops it in the middle of whatever it does. */
  freeze(): Promise<void>;
  thaw(): void;
}

/** The split mall in two replicas on servers of its own, which each replica has its own ways to. */
export interface ChaosMall {
  readonly split: SplitMall;
  readonly ways: Ways;
  /** A DSN, past the ways. */
  readonly dataSource: string;
  readonly redis: TestRedis;
  readonly etcd: PrivateEtcd;
  /** All processes, `mariadb`, `redis` and `etcd`. */
  readonly parts: readonly Part[];
  stop(): Promise<void>;
}

/** Why there can be no chaos here; undefined if there can. */
export function whyNoChaos(): string | undefined {
  return whyNoPrivateMariadb() ?? whyNoRedis() ?? whyNoPrivateEtcd();
}

/** Starts the servers and the mall on them; `seed` draws what slow ways do. */
export async function startChaosMall(seed: number): Promise<ChaosMall> {
  const mariadb = await startPrivateMariadb();
  const redis = await startRedis();
  const etcd = await startPrivateEtcd();
  const servers: { stop(): Promise<void> }[] = [mariadb, redis, etcd];
  try {
    const dataSource = await mariadb.createDatabase();
    const ways = await openWays({
      dataSource,
      redis: redis.host,
      replicas: REPLICAS,
      random: new Random(seed),
    });
    servers.push(ways);
    const split = await startSplitMall({
      dataSource,
      replicas: REPLICAS,
      servers: ways.servers,
      etcd: etcd.host,
      blocks: blocksOf,
    });
    return {
      split,
      ways,
      dataSource,
      redis,
      etcd,
      parts: partsOf(split, { mariadb, redis, etcd }),
      stop: async () => {
        await split.stop();
        await Promise.all(servers.map((server) => server.stop()));
      },
    };
  } catch (error) {
    await Promise.all(servers.map((server) => server.stop()));
    throw error;
  }
}

function blocksOf(kind: string): object {
  const log = { Log: { Level: "severe" } };
  // A job whose commit nobody heard of waits for the end of its claim: sooner than the mall must be back.
  const Jobs = { Lease: "5s" };
  if (kind === "order.rpc") return { ...log, Jobs, OrderExpire: EXPIRE };
  return kind === "pay.rpc" ? { ...log, Jobs, PayExpire: EXPIRE } : log;
}

function partsOf(
  split: SplitMall,
  { mariadb, redis, etcd }: { mariadb: PrivateMariadb; redis: TestRedis; etcd: PrivateEtcd },
): Part[] {
  const processes = split.names.map((name) => ({
    name,
    kill: () => split.kill(name),
    start: () => split.start(name),
    freeze: () => split.freeze(name),
    thaw: () => split.thaw(name),
  }));
  const servers = Object.entries({ mariadb, redis, etcd }).map(([name, server]) => ({
    name,
    kill: () => server.kill(),
    start: () => server.restart(),
    freeze: () => server.freeze(),
    thaw: () => server.thaw(),
  }));
  return [...processes, ...servers];
}

/** What each process of the mall that runs holds in memory, MiB. */
export async function memoryOf({ split }: ChaosMall): Promise<Map<string, number>> {
  const pids = new Map(split.names.map((name) => [split.pid(name), name]));
  const list = [...pids.keys()].filter((pid) => pid !== undefined).join(",");
  const { stdout } = await promisify(execFile)("ps", ["-o", "pid=,rss=", "-p", list]);
  const lines = stdout.trim().split("\n");
  return new Map(
    lines.map((line) => {
      const [pid, kibibytes] = line.trim().split(/\s+/).map(Number);
      return [pids.get(pid) ?? "", (kibibytes ?? 0) / 1024];
    }),
  );
}
