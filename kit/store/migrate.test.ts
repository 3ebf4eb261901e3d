import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { it } from "node:test";
import { AppError } from "@mall/kit/errors";
import { forEachDatabase, sampleMigrations, type TestDatabases } from "@mall/kit/testing";
import { assertSchemaCurrent, type Database, type MigrationSet, migrateToLatest } from "./index.ts";

const NAMES = sampleMigrations.migrations.map(({ name }) => name);
const newer: MigrationSet = {
  owner: "sample",
  migrations: [
    ...sampleMigrations.migrations,
    {
      name: "0003-color",
      mysql: [
        "ALTER TABLE `sample` ADD COLUMN `color` int NOT NULL DEFAULT 7",
        "ALTER TABLE `sample` DROP KEY `idx_owner_number`",
      ],
      sqlite: [
        'ALTER TABLE "sample" ADD COLUMN "color" INTEGER NOT NULL DEFAULT 7',
        'DROP INDEX "sample_idx_owner_number"',
      ],
    },
  ],
};

forEachDatabase("migrations", (databases) => {
  it("bring an empty database up to date once, and say so", async () => {
    const database = await databases.open();
    await assert.rejects(
      assertSchemaCurrent(database, sampleMigrations),
      hasReason("SCHEMA_OLDER", /mall migrate/),
    );
    assert.deepEqual(await migrateToLatest(database, sampleMigrations), NAMES);
    assert.deepEqual(await migrateToLatest(database, sampleMigrations), []);
    await assertSchemaCurrent(database, sampleMigrations);
  });

  it("upgrade in place a database that has the tables but no record, keeping its rows", async () => {
    const database = await databases.open();
    await run(database, sampleMigrations.migrations[0]?.[databases.dialect] ?? []);
    await run(database, ["INSERT INTO sample (name, owner) VALUES ('kept', 3)"]);
    assert.deepEqual(await migrateToLatest(database, sampleMigrations), NAMES);
    assert.deepEqual(await column(database, "name"), ["kept"]);
  });

  it("run only what is new", async () => {
    const database = await databases.open();
    await migrateToLatest(database, sampleMigrations);
    await run(database, ["INSERT INTO sample (name) VALUES ('kept')"]);
    await assert.rejects(assertSchemaCurrent(database, newer), hasReason("SCHEMA_OLDER", /0003-color/));
    assert.deepEqual(await migrateToLatest(database, newer), ["0003-color"]);
    assert.deepEqual(await column(database, "color"), [7]);
  });

  it("refuse a database of a newer version", async () => {
    const database = await databases.open();
    await migrateToLatest(database, newer);
    await assert.rejects(
      migrateToLatest(database, sampleMigrations),
      hasReason("SCHEMA_NEWER", /upgrade mall/),
    );
    await assert.rejects(
      assertSchemaCurrent(database, sampleMigrations),
      hasReason("SCHEMA_NEWER", /0003-color/),
    );
  });

  it("name the table and the key that its rows break, change no row, and finish once they are mended", async () => {
    const database = await databases.open();
    await run(database, sampleMigrations.migrations[0]?.[databases.dialect] ?? []);
    await run(database, [
      "INSERT INTO sample (name) VALUES ('twice')",
      "INSERT INTO sample (name) VALUES ('twice')",
    ]);
    await assert.rejects(
      migrateToLatest(database, sampleMigrations),
      hasReason("DUPLICATE_ROWS", /idx_name_unique.* to sample/),
    );
    assert.deepEqual(await column(database, "name"), ["twice", "twice"]);
    await run(database, ["UPDATE sample SET name = 'once' WHERE id = 1"]);
    assert.ok((await migrateToLatest(database, sampleMigrations)).includes("0002-unique-keys"));
  });

  it("keep sets of different owners apart in one database", async () => {
    const database = await databases.open();
    await migrateToLatest(database, sampleMigrations);
    const other = { owner: "other", migrations: [{ name: "0001-other", mysql: create, sqlite: create }] };
    assert.deepEqual(await migrateToLatest(database, other), ["0001-other"]);
    await assertSchemaCurrent(database, sampleMigrations);
  });
});

forEachDatabase("interrupted migrations", (databases) => {
  it("finish after a crash between any two steps", async () => {
    const all = newer.migrations.flatMap((migration) => migration[databases.dialect]);
    // SQLite does all or nothing; MySQL commits statement by statement, without a record until the last.
    const stops = databases.dialect === "sqlite" ? [0] : all.map((_, index) => index + 1);
    for (const stop of stops) {
      const database = await databases.open();
      await run(database, all.slice(0, stop));
      await migrateToLatest(database, newer);
      await run(database, ["INSERT INTO sample (name) VALUES ('a')"]);
      assert.deepEqual(await column(database, "color"), [7]);
      await assert.rejects(run(database, ["INSERT INTO sample (name) VALUES ('a')"]));
    }
  });

  it("leave nothing behind in SQLite when a statement fails", {
    skip: databases.dialect === "mysql" ? "MySQL commits each schema change by itself" : false,
  }, async () => {
    const database = await databases.open();
    const broken = { name: "0003-broken", mysql: [], sqlite: ["CREATE TABLE half (id int)", "NONSENSE"] };
    const set = { owner: "sample", migrations: [...sampleMigrations.migrations, broken] };
    await assert.rejects(migrateToLatest(database, set));
    await assert.rejects(run(database, ["INSERT INTO half VALUES (1)"]));
    assert.deepEqual(await migrateToLatest(database, sampleMigrations), NAMES);
  });
});

forEachDatabase("concurrent migrations", (databases) => {
  it("of several processes on one empty database all succeed, and each migration runs once", async () => {
    const dataSource = await databases.createDataSource();
    const outputs = await Promise.all([1, 2, 3].map(() => migrateInProcess(dataSource)));
    assert.deepEqual(outputs.flat().toSorted(), NAMES);
    await assertSchemaCurrent(await openAt(databases, dataSource), sampleMigrations);
  });
});

const create = ["CREATE TABLE other (id int)"];

/** The migrations that another process ran. */
async function migrateInProcess(dataSource: string): Promise<string[]> {
  const script = `
    import { systemRuntime } from "@mall/kit/context";
    import { migrateToLatest, openDatabase } from "@mall/kit/store";
    import { sampleMigrations } from "@mall/kit/testing";
    const database = await openDatabase({ dataSource: process.env.DATA_SOURCE, runtime: systemRuntime });
    console.log(JSON.stringify(await migrateToLatest(database, sampleMigrations)));
    await database.close();`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: import.meta.dirname,
    env: { ...process.env, DATA_SOURCE: dataSource, NODE_TEST_CONTEXT: undefined },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const chunks: string[] = [];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => chunks.push(chunk));
  const [code] = await once(child, "close");
  assert.equal(code, 0);
  return JSON.parse(chunks.join("")) as string[];
}

function openAt(databases: TestDatabases, dataSource: string): Promise<Database> {
  return databases.open({ dataSource });
}

async function run(database: Database, statements: readonly string[]): Promise<void> {
  for (const sql of statements) await database.write({ sql, parameters: [] });
}

async function column(database: Database, name: string): Promise<unknown[]> {
  const rows = await database.read({ sql: `SELECT ${name} FROM sample ORDER BY id`, parameters: [] });
  return rows.map((row) => row[name]);
}

function hasReason(reason: string, message: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof AppError, String(error));
    assert.equal(error.reason, reason);
    assert.match(error.message, message);
    return error.code === "FAILED_PRECONDITION";
  };
}
