import { systemRuntime } from "@mall/kit/context";
import { migrateToLatest, openDatabase } from "@mall/kit/store";
import {
  startEtcd,
  startMariadb,
  startRedis,
  type TestMysql,
  type TestRedis,
  whyNoEtcd,
  whyNoMysql,
  whyNoRedis,
} from "@mall/kit/testing";
import { orderRpc } from "@mall/order/rpc/main";
import { payRpc } from "@mall/pay/rpc/main";
import { productRpc } from "@mall/product/rpc/main";
import { userRpc } from "@mall/user/rpc/main";

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
    createDataSource: () => createTables(mysql),
    stop: async () => {
      await redis.stop();
      await mysql.stop();
    },
  };
}

async function createTables(mysql: TestMysql): Promise<string> {
  const dataSource = await mysql.createDatabase();
  const database = await openDatabase({ dataSource, runtime: systemRuntime });
  for (const { migrations } of [userRpc, productRpc, orderRpc, payRpc]) {
    for (const set of migrations) await migrateToLatest(database, set);
  }
  await database.close();
  return dataSource;
}
