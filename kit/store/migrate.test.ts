import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { AppError } from "@mall/kit/errors";
import { systemRuntime } from "@mall/kit/runtime";
import {
  forEachDatabase,
  sampleMigrations,
  startMariadb,
  type TestDatabases,
  type TestMysql,
  until,
  whyNoMysql,
} from "@mall/kit/testing";
import {
  assertSchemaCurrent,
  type Database,
  type MigrationSet,
  migrateToLatest,
  openDatabase,
} from "./index.ts";

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

describe("a process that migrates", { skip: whyNoMysql() ?? false }, () => {
  let server: TestMysql;
  const opened: Database[] = [];
  before(async () => {
    server = await requireMysql();
  });
  after(async () => {
    for (const database of opened) await database.close();
    await server.stop();
  });
  const begin = async (slow: readonly string[]) => {
    const dataSource = await server.createDatabase();
    const child = startMigrating(dataSource, withThird(["CREATE TABLE half (id int)", ...slow]));
    const database = await openDatabase({ dataSource, runtime: systemRuntime });
    opened.push(database);
    await until("the first statement is done", () => exists(database, "half"));
    return { database, child };
  };
  const rest = withThird(["CREATE TABLE half (id int)", "ALTER TABLE half ADD COLUMN more int"]);

  it("is waited for while it lives, and one that is killed is finished by another", async () => {
    const { database, child } = await begin(["DO SLEEP(600)"]);
    const others = [migrateToLatest(database, rest), migrateToLatest(database, rest)];
    child.process.kill("SIGKILL");
    await once(child.process, "close");
    assert.deepEqual((await Promise.all(others)).flat(), ["0003-third"]);
    await run(database, ["INSERT INTO half (id, more) VALUES (1, 2)"]);
    await assertSchemaCurrent(database, rest);
  });

  it("says in one line that it was taken over where it stood still, and changes nothing more", async () => {
    const steps = Array.from({ length: 100 }, () => "DO SLEEP(0.2)");
    const { database, child } = await begin([...steps, "CREATE TABLE after_all (id int)"]);
    child.process.kill("SIGSTOP");
    assert.deepEqual(await migrateToLatest(database, rest), ["0003-third"]);
    child.process.kill("SIGCONT");
    assert.match(await child.failure, /^MIGRATION_TAKEN_OVER: another process has taken .*: start again$/);
    assert.equal(await exists(database, "after_all"), false);
  });

  it("says in one line what the database refuses and what to do, and the next goes on from there", async () => {
    const { database } = await begin([]);
    const broken: MigrationSet = {
      ...rest,
      migrations: [
        ...rest.migrations,
        { name: "0004-broken", mysql: ["ALTER TABLE half NONSENSE"], sqlite: [] },
      ],
    };
    await until("the third migration is done", async () => (await executed(database)).includes("0003-third"));
    await assert.rejects(
      migrateToLatest(database, broken),
      hasReason(
        "MIGRATION_FAILED",
        /^migration 0004-broken of sample could not be .*SQL syntax.*migrate again; what was/,
      ),
    );
    assert.deepEqual(await migrateToLatest(database, rest), []);
  });
});

const create = ["CREATE TABLE other (id int)"];

/** The sample's migrations and another. */
function withThird(mysql: readonly string[]): MigrationSet {
  return {
    owner: "sample",
    migrations: [...sampleMigrations.migrations, { name: "0003-third", mysql, sqlite: [] }],
  };
}

/** The migrations that another process ran. */
async function migrateInProcess(dataSource: string): Promise<string[]> {
  const { process: child, output, failure } = startMigrating(dataSource, sampleMigrations);
  const [code] = await once(child, "close");
  assert.equal(code, 0, await failure);
  return JSON.parse(await output) as string[];
}

/** Another process that migrates; what it writes, and the one line of its failure. */
function startMigrating(dataSource: string, set: MigrationSet) {
  const script = `
    import { systemRuntime } from "@mall/kit/runtime";
    import { migrateToLatest, openDatabase } from "@mall/kit/store";
    const database = await openDatabase({ dataSource: process.env.DATA_SOURCE, runtime: systemRuntime });
    try {
      console.log(JSON.stringify(await migrateToLatest(database, JSON.parse(process.env.MIGRATIONS))));
    } catch (error) {
      process.stderr.write(error.reason + ": " + error.message);
      process.exitCode = 1;
    }
    await database.close();`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: import.meta.dirname,
    env: {
      ...process.env,
      DATA_SOURCE: dataSource,
      MIGRATIONS: JSON.stringify(set),
      NODE_TEST_CONTEXT: undefined,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { process: child, output: text(child.stdout), failure: text(child.stderr) };
}

async function exists(database: Database, table: string): Promise<boolean> {
  return (await database.read({ sql: `SHOW TABLES LIKE '${table}'`, parameters: [] })).length > 0;
}

async function executed(database: Database): Promise<unknown[]> {
  return (await database.read({ sql: "SELECT name FROM sample_migration", parameters: [] })).map(
    ({ name }) => name,
  );
}

async function requireMysql(): Promise<TestMysql> {
  const server = await startMariadb();
  if ("skipped" in server) throw new Error(server.skipped);
  return server;
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
