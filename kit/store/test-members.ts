import { type Cache, createCache } from "@mall/kit/cache";
import { cacheConfig } from "@mall/kit/config";
import { silentLogger } from "@mall/kit/log";
import { noopObserver } from "@mall/kit/observe";
import { systemRuntime } from "@mall/kit/runtime";
import { startRedis, type TestDatabases, type TestRedis } from "@mall/kit/testing";
import { Redis } from "ioredis";
import type { Database } from "./database.ts";
import { createRowView, createTableModel, migrateToLatest, type RowView } from "./index.ts";
import type { MigrationSet, TableDefinition } from "./table.ts";
import type { TableModel } from "./table-model.ts";

/** A row of `member`, a table as goctl's cached models have it, with one more unique key kept by hand. */
export interface MemberRow {
  id: number;
  name: string;
  mobile: string;
  oid: number;
  points: number;
  createTime: Date;
  updateTime: Date;
}

export type NewMemberRow = Partial<Omit<MemberRow, "id" | "createTime" | "updateTime">>;

interface MemberColumns {
  id: number;
  name: string;
  mobile: string;
  oid: number;
  points: number;
  create_time: Date;
  update_time: Date;
}

export type Members = TableModel<MemberRow, NewMemberRow, MemberColumns>;

const BIGINT = { min: 0, max: Number.MAX_SAFE_INTEGER } as const;

const memberTable: TableDefinition = {
  name: "member",
  primaryKey: "id",
  columns: [
    { name: "id", property: "id", type: "integer", ...BIGINT, managed: "id" },
    { name: "name", property: "name", type: "text", lengthMax: 20 },
    { name: "mobile", property: "mobile", type: "text", lengthMax: 20 },
    { name: "oid", property: "oid", type: "integer", ...BIGINT },
    { name: "points", property: "points", type: "integer", ...BIGINT },
    { name: "create_time", property: "createTime", type: "time", nullable: true, managed: "created" },
    { name: "update_time", property: "updateTime", type: "time", nullable: true, managed: "updated" },
  ],
  uniqueKeys: { idx_mobile: ["mobile"], idx_oid: ["oid"] },
  cache: {
    fields: [
      { property: "id", name: "Id" },
      { property: "name", name: "Name" },
      { property: "mobile", name: "Mobile" },
      { property: "oid", name: "Oid" },
      { property: "createTime", name: "CreateTime" },
      { property: "updateTime", name: "UpdateTime" },
      { property: "points", name: "Points" },
    ],
    prefixes: {
      PRIMARY: "cache:member:id:",
      idx_mobile: "cache:member:mobile:",
      idx_oid: "cache:member:oid:",
    },
  },
};

const memberMigrations: MigrationSet = {
  owner: "member",
  migrations: [
    {
      name: "0001-table",
      mysql: [
        `CREATE TABLE \`member\` (
          \`id\` bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
          \`name\` varchar(20) NOT NULL DEFAULT '',
          \`mobile\` varchar(20) NOT NULL DEFAULT '',
          \`oid\` bigint unsigned NOT NULL DEFAULT 0,
          \`points\` bigint unsigned NOT NULL DEFAULT 0,
          \`create_time\` timestamp NULL DEFAULT CURRENT_TIMESTAMP,
          \`update_time\` timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
          UNIQUE KEY \`idx_mobile\` (\`mobile\`),
          UNIQUE KEY \`idx_oid\` (\`oid\`)
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`,
      ],
      sqlite: [
        `CREATE TABLE "member" (
          "id" INTEGER PRIMARY KEY AUTOINCREMENT,
          "name" TEXT NOT NULL DEFAULT '',
          "mobile" TEXT NOT NULL DEFAULT '',
          "oid" INTEGER NOT NULL DEFAULT 0,
          "points" INTEGER NOT NULL DEFAULT 0,
          "create_time" TEXT,
          "update_time" TEXT
        )`,
        'CREATE UNIQUE INDEX "member_idx_mobile" ON "member" ("mobile")',
        'CREATE UNIQUE INDEX "member_idx_oid" ON "member" ("oid")',
      ],
    },
  ],
};

/** Two processes with a cached model of one table, and a third that goes around ours as a Go process would. */
export class TestMembers {
  readonly redis: TestRedis;
  readonly database: Database;
  readonly members: Members;
  /** The model of a second process. */
  readonly others: Members;
  /** Rows as the first process reads them through its cache, and the second. */
  readonly view: RowView<MemberRow>;
  readonly othersView: RowView<MemberRow>;
  /** The model without a cache: what the database says. */
  readonly stored: Members;
  readonly go: Redis;
  readonly #caches: readonly Cache[];

  private constructor(parts: { redis: TestRedis; databases: Database[]; caches: Cache[]; go: Redis }) {
    const [database, otherDatabase] = parts.databases;
    if (database === undefined || otherDatabase === undefined) throw new Error("two databases are needed");
    this.redis = parts.redis;
    this.database = database;
    this.go = parts.go;
    this.#caches = parts.caches;
    const options = { rowsUnder: ["idx_oid"] };
    this.members = createTableModel(database, memberTable, parts.caches[0], options);
    this.others = createTableModel(otherDatabase, memberTable, parts.caches[1], options);
    this.view = createRowView(database, memberTable, parts.caches[0], options);
    this.othersView = createRowView(otherDatabase, memberTable, parts.caches[1], options);
    this.stored = createTableModel(database, memberTable);
  }

  static async start(databases: TestDatabases): Promise<TestMembers> {
    const redis = await startRedis();
    const [host = "", port = ""] = redis.host.split(":");
    const dataSource = await databases.createDataSource();
    const opened = [await databases.open({ dataSource }), await databases.open({ dataSource })];
    for (const database of opened) await migrateToLatest(database, memberMigrations);
    const parts = { runtime: systemRuntime, log: silentLogger, observer: noopObserver };
    const config = cacheConfig.parse([{ Host: redis.host }]);
    const caches = [await createCache(config, parts), await createCache(config, parts)];
    return new TestMembers({ redis, databases: opened, caches, go: new Redis(Number(port), host) });
  }

  async stop(): Promise<void> {
    for (const cache of this.#caches) await cache.close();
    this.go.disconnect();
    await this.redis.stop();
  }
}
