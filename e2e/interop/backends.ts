import {
  startEtcd,
  startMariadb,
  startRedis,
  type TestRedis,
  whyNoEtcd,
  whyNoMysql,
  whyNoRedis,
} from "@mall/kit/testing";
import { createMallTables } from "../support/mall-tables.ts";

/** What go-zero's mall stands on, which both halves share. */
export interface Backends {
  /** `host:port`, as Redis's. */
  readonly etcd: string;
  readonly redis: TestRedis;
  /** The DSN of a new database with the mall's tables. */
  createDataSource(): Promise<string>;
  stop(): Promise<void>;
}

/** Why there can be no such servers here; undefined if there can. */
export function whyNoBackends(): string | undefined {
  return whyNoEtcd() ?? whyNoMysql() ?? whyNoRedis();
}

/** @throws Error where one is missing; ask `whyNoBackends` first. */
export async function startBackends(): Promise<Backends> {
  const etcd = await startEtcd();
  const mysql = await startMariadb();
  if ("skipped" in etcd) throw new Error(etcd.skipped);
  if ("skipped" in mysql) throw new Error(mysql.skipped);
  const redis = await startRedis();
  return {
    etcd: etcd.host,
    redis,
    createDataSource: () => createMallTables(mysql),
    stop: async () => {
      await redis.stop();
      await mysql.stop();
    },
  };
}
