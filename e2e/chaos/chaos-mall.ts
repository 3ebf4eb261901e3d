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
import { type SplitMall, startSplitMall } from "../support/split.ts";

/** The eight processes of the split mall. */
export const PROCESSES = ["user", "product", "order", "pay"].flatMap((service) => [
  `${service}.rpc`,
  `${service}.api`,
]);

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

/** The split mall on servers of its own. */
export interface ChaosMall {
  readonly split: SplitMall;
  readonly redis: TestRedis;
  readonly etcd: PrivateEtcd;
  /** The eight processes, `mariadb`, `redis` and `etcd`. */
  readonly parts: readonly Part[];
  stop(): Promise<void>;
}

/** Why there can be no chaos here; undefined if there can. */
export function whyNoChaos(): string | undefined {
  return whyNoPrivateMariadb() ?? whyNoRedis() ?? whyNoPrivateEtcd();
}

/** Starts the servers and the mall on them. */
export async function startChaosMall(): Promise<ChaosMall> {
  const mariadb = await startPrivateMariadb();
  const redis = await startRedis();
  const etcd = await startPrivateEtcd();
  const servers = [mariadb, redis, etcd];
  try {
    const split = await startSplitMall({
      dataSource: await mariadb.createDatabase(),
      etcd: etcd.host,
      blocks: (name) => blocksOf(name, redis.host),
    });
    return {
      split,
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

function blocksOf(name: string, redisHost: string): object {
  const log = { Log: { Level: "severe" } };
  return name.endsWith(".rpc") ? { ...log, CacheRedis: [{ Host: redisHost }] } : log;
}

function partsOf(
  split: SplitMall,
  { mariadb, redis, etcd }: { mariadb: PrivateMariadb; redis: TestRedis; etcd: PrivateEtcd },
): Part[] {
  const processes = PROCESSES.map((name) => ({
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
  const pids = new Map(PROCESSES.map((name) => [split.pid(name), name]));
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
