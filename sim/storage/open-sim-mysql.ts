import { noopObserver } from "@mall/kit/observe";
import type { Database, loadMysqlDatabase, MysqlSource, RawPool } from "@mall/kit/store";
import { runInTransaction } from "./open-transaction.ts";
import type { SharedGroups } from "./shared-groups.ts";
import type { StorageHost } from "./storage-host.ts";

/** The store's own class, which brings the driver along and is loaded where it is needed. */
export type MysqlStore = Awaited<ReturnType<typeof loadMysqlDatabase>>;

const SERVER_ZONE = { name: "+00:00", offsetAt: () => 0 };

/** The store's MySQL database over a simulated pool; what runs inside of a transaction knows that it does. */
export function openSimMysql(
  Store: MysqlStore,
  source: MysqlSource,
  {
    host: { runtime },
    createPool,
    groups,
  }: {
    readonly host: StorageHost;
    readonly createPool: (connectionsMax: number) => RawPool;
    readonly groups: SharedGroups;
  },
): Database {
  const options = { runtime, observer: noopObserver, breakers: undefined, createPool };
  const database: Database = new Store(source, options, SERVER_ZONE);
  return {
    dialect: database.dialect,
    runtime,
    times: database.times,
    wallTimes: database.wallTimes,
    zoneTimes: database.zoneTimes,
    query: database.query,
    read: (statement) => database.read(statement),
    write: (statement) => database.write(statement),
    transaction: (work, options) => database.transaction((tx) => runInTransaction(() => work(tx)), options),
    share: (work) =>
      database.share((tx) => {
        groups.begins(tx);
        return runInTransaction(() => work(tx));
      }),
    snapshot: (work) => database.snapshot(work),
    migrationSession: (owner, work) => database.migrationSession(owner, work),
    openTable: (table) => database.openTable(table),
    ping: () => database.ping(),
    writeTrouble: () => database.writeTrouble(),
    close: () => database.close(),
  };
}
