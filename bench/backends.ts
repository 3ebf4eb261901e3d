import { readdirSync, readFileSync } from "node:fs";
import {
  startMariadb,
  startPrivateEtcd,
  startRedis,
  whyNoMysql,
  whyNoPrivateEtcd,
  whyNoRedis,
} from "@mall/kit/testing";
import { type CpuMeter, cpuMsOf } from "./child.ts";

/** The servers that a split mall stands on, of this run alone. */
export interface Backends {
  /** A DSN of an empty database. */
  readonly dataSource: string;
  /** `host:port` */
  readonly redis: string;
  readonly etcd: string;
  /** Their processes, by name. */
  readonly processes: ReadonlyMap<string, CpuMeter>;
  stop(): Promise<void>;
}

/**
 * @param options of `mariadbd` beside the tests', where it does not run yet
 * @throws Error naming what is not installed.
 */
export async function startBackends(options: readonly string[] = []): Promise<Backends> {
  const missing = [whyNoMysql(), whyNoRedis(), whyNoPrivateEtcd()].filter((why) => why !== undefined);
  if (missing.length > 0) throw new Error(missing.join("; "));
  const mariadb = await startMariadb(options);
  if ("skipped" in mariadb) throw new Error(mariadb.skipped);
  const redis = await startRedis();
  const etcd = await startPrivateEtcd();
  const dataSource = await mariadb.createDatabase();
  return {
    dataSource,
    redis: redis.host,
    etcd: etcd.host,
    processes: new Map([
      ["mariadbd", meterOf(/mysqld|mariadbd/, portOf(dataSource))],
      ["redis", meterOf(/redis/, portOf(redis.host))],
      ["etcd", meterOf(/etcd/, portOf(etcd.host))],
    ]),
    stop: async () => {
      await Promise.all([mariadb.stop(), redis.stop(), etcd.stop()]);
    },
  };
}

function portOf(address: string): string {
  const port = /:(\d+)(?:\)|$)/.exec(address)?.[1];
  if (port === undefined) throw new Error(`no port in ${address}`);
  return port;
}

/** The server of this name whose command line has this port; its starting shell's has it too. */
function meterOf(name: RegExp, port: string): CpuMeter {
  const pids = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));
  const pid = pids.find((each) => {
    const command = textOf(`/proc/${each}/comm`);
    return name.test(command) && textOf(`/proc/${each}/cmdline`).includes(port);
  });
  if (pid === undefined) throw new Error(`no process of ${name} on port ${port}`);
  return { cpuMs: () => cpuMsOf(Number(pid)) };
}

/** Processes come and go while their list is read. */
function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
