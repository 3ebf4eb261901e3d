import type { MigrationSet, TableDefinition } from "@mall/kit/store";

/** A row of `sample`: a table with every column type, in the shape the generator gives to contracts. */
export interface SampleRow {
  id: number;
  name: string;
  owner: number;
  number: number;
  balance: number;
  rate: string | null;
  note: string | null;
  active: boolean;
  openTime: Date | null;
  data: Uint8Array | null;
  createTime: Date;
  updateTime: Date;
}

/** What an insert into `sample` takes. */
export type NewSampleRow = Partial<Omit<SampleRow, "id" | "createTime" | "updateTime">>;

/** The columns of `sample` under their SQL names. */
export interface SampleColumns {
  id: number;
  name: string;
  owner: number;
  number: number;
  balance: number;
  rate: string | null;
  note: string | null;
  active: boolean;
  open_time: Date | null;
  data: Uint8Array | null;
  create_time: Date;
  update_time: Date;
}

const BIGINT = { min: 0, max: Number.MAX_SAFE_INTEGER } as const;

/** The table as its contract would define it. */
export const sampleTable: TableDefinition = {
  name: "sample",
  primaryKey: "id",
  columns: [
    { name: "id", property: "id", type: "integer", ...BIGINT, managed: "id" },
    { name: "name", property: "name", type: "text", lengthMax: 20, nullable: true },
    { name: "owner", property: "owner", type: "integer", ...BIGINT },
    { name: "number", property: "number", type: "integer", ...BIGINT, nullable: true },
    { name: "balance", property: "balance", type: "integer", min: 0, max: 4294967295 },
    { name: "rate", property: "rate", type: "decimal", nullable: true },
    { name: "note", property: "note", type: "text", lengthMax: 255, nullable: true },
    { name: "active", property: "active", type: "boolean" },
    { name: "open_time", property: "openTime", type: "time", digits: 3, wall: true, nullable: true },
    { name: "data", property: "data", type: "bytes", lengthMax: 8, nullable: true },
    { name: "create_time", property: "createTime", type: "time", managed: "created" },
    { name: "update_time", property: "updateTime", type: "time", managed: "updated" },
  ],
  uniqueKeys: { idx_name_unique: ["name"], idx_owner_number: ["owner", "number"] },
};

/** The history of `sample`: the table first, its unique keys later. */
export const sampleMigrations: MigrationSet = {
  owner: "sample",
  migrations: [
    {
      name: "0001-table",
      mysql: [
        `CREATE TABLE IF NOT EXISTS \`sample\` (
          \`id\` bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
          \`name\` varchar(20) DEFAULT NULL,
          \`owner\` bigint unsigned NOT NULL DEFAULT 0,
          \`number\` bigint unsigned DEFAULT NULL,
          \`balance\` int unsigned NOT NULL DEFAULT 0,
          \`rate\` decimal(10,2) DEFAULT NULL,
          \`note\` varchar(255) DEFAULT 'none',
          \`active\` tinyint(1) NOT NULL DEFAULT 1,
          \`open_time\` datetime(3) DEFAULT NULL,
          \`data\` varbinary(8) DEFAULT NULL,
          \`create_time\` timestamp NULL DEFAULT CURRENT_TIMESTAMP,
          \`update_time\` timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`,
      ],
      sqlite: [
        `CREATE TABLE IF NOT EXISTS "sample" (
          "id" INTEGER PRIMARY KEY AUTOINCREMENT,
          "name" TEXT DEFAULT NULL,
          "owner" INTEGER NOT NULL DEFAULT 0,
          "number" INTEGER DEFAULT NULL,
          "balance" INTEGER NOT NULL DEFAULT 0,
          "rate" TEXT DEFAULT NULL,
          "note" TEXT DEFAULT 'none',
          "active" INTEGER NOT NULL DEFAULT 1,
          "open_time" TEXT DEFAULT NULL,
          "data" BLOB DEFAULT NULL,
          "create_time" TEXT DEFAULT CURRENT_TIMESTAMP,
          "update_time" TEXT DEFAULT CURRENT_TIMESTAMP
        )`,
      ],
    },
    {
      name: "0002-unique-keys",
      mysql: [
        "ALTER TABLE `sample` ADD UNIQUE KEY `idx_name_unique` (`name`)",
        "ALTER TABLE `sample` ADD UNIQUE KEY `idx_owner_number` (`owner`, `number`)",
      ],
      sqlite: [
        'CREATE UNIQUE INDEX IF NOT EXISTS "sample_idx_name_unique" ON "sample" ("name")',
        'CREATE UNIQUE INDEX IF NOT EXISTS "sample_idx_owner_number" ON "sample" ("owner", "number")',
      ],
    },
  ],
};
