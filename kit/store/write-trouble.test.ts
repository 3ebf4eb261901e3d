import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, it, type TestContext } from "node:test";
import { systemRuntime } from "@mall/kit/runtime";
import {
  createTestFolder,
  type PrivateMariadb,
  startPrivateMariadb,
  until,
  whyNoPrivateMariadb,
} from "@mall/kit/testing";
import { type Database, openDatabase, type TableDefinition } from "./index.ts";

const TABLE: TableDefinition = {
  name: "note",
  columns: [
    { name: "id", property: "id", type: "integer", managed: "id" },
    { name: "text", property: "text", type: "text", lengthMax: 255 },
  ],
  primaryKey: "id",
  uniqueKeys: {},
};

const INSERT = { sql: "INSERT INTO note (text) VALUES (?)", parameters: ["x".repeat(200)] };

/** Waits until a database says this of its writes. */
async function untilTold(database: Database, trouble: string | undefined): Promise<void> {
  await until(`the database says ${trouble ?? "nothing"}`, () => database.writeTrouble(), {
    holds: (told) => told === trouble,
  });
}

describe("what keeps a MySQL database from taking writes", { skip: whyNoPrivateMariadb() ?? false }, () => {
  let server: PrivateMariadb;
  let admin: Database;
  let database: Database;

  const administer = async (...statements: string[]): Promise<void> => {
    for (const sql of statements) await admin.write({ sql, parameters: [] });
  };

  before(async () => {
    server = await startPrivateMariadb();
    const dataSource = await server.createDatabase();
    const name = dataSource.split("/")[1];
    admin = await openDatabase({ dataSource, runtime: systemRuntime });
    // One who may administer the server may also write while it is read-only.
    await administer(
      "CREATE USER shop@'%' IDENTIFIED BY 'word'",
      `GRANT ALL ON ${name}.* TO shop@'%'`,
      "CREATE TABLE note (id INT PRIMARY KEY AUTO_INCREMENT, text VARCHAR(255) NOT NULL)",
    );
    const own = dataSource.replace(/^[^@]*@/, "shop:word@");
    database = await openDatabase({ dataSource: `${own}?readTimeout=500ms`, runtime: systemRuntime });
    database.openTable(TABLE);
  });
  after(async () => {
    await database.close();
    await admin.close();
    await server.stop();
  });

  it("is nothing while it takes them, and the look changes no row", async () => {
    assert.equal(await database.writeTrouble(), undefined);
    await database.write(INSERT);
    assert.equal(await database.writeTrouble(), undefined);
    assert.equal((await database.read({ sql: "SELECT * FROM note", parameters: [] })).length, 1);
  });

  it("is that it is read-only, a second after the last write at the latest, until it is not", async () => {
    await database.write(INSERT);
    await administer("SET GLOBAL read_only = 1");
    await untilTold(database, "it is read-only");
    await assert.rejects(database.write(INSERT), { reason: "DATABASE_UNAVAILABLE" });
    await database.transaction((tx) => tx.read({ sql: "SELECT * FROM note", parameters: [] }));
    assert.equal(
      await database.writeTrouble(),
      "it is read-only",
      "a transaction that only read shows nothing",
    );
    await administer("SET GLOBAL read_only = 0");
    assert.equal(await database.writeTrouble(), undefined);
  });

  it("is that it has no room, as its last write found, until one finds some or it may be tried again", async () => {
    await administer(
      "SET GLOBAL max_heap_table_size = 16384",
      "CREATE TABLE full (text VARCHAR(255) NOT NULL) ENGINE = MEMORY",
      "SET GLOBAL max_heap_table_size = DEFAULT",
    );
    const fill = {
      sql: "INSERT INTO full (text) VALUES (?), (?), (?), (?), (?), (?), (?), (?)",
      parameters: Array(8).fill("x"),
    };
    await assert.rejects(
      async () => {
        for (;;) await database.write(fill);
      },
      { reason: "DATABASE_UNAVAILABLE" },
    );
    await untilTold(database, "it has no room left");
    await database.write(INSERT);
    assert.equal(await database.writeTrouble(), undefined);
  });

  it("is that it does not answer, while it is frozen and while it is down", async () => {
    await server.freeze();
    await untilTold(database, "it does not answer");
    server.thaw();
    await untilTold(database, undefined);
    await server.kill();
    await untilTold(database, "it does not answer");
    await server.restart();
    await untilTold(database, undefined);
  });

  it("is left with its connection, since the server that takes writes may be another one behind the name", async () => {
    const idOf = async (): Promise<unknown> => {
      const [row] = await database.read({ sql: "SELECT CONNECTION_ID() AS id", parameters: [] });
      return row?.id;
    };
    const before = await idOf();
    assert.equal(await idOf(), before);
    await administer("SET GLOBAL read_only = 1");
    await assert.rejects(database.write(INSERT), { code: "UNAVAILABLE" });
    const after = await idOf();
    assert.notEqual(after, before);
    await administer("SET GLOBAL read_only = 0");
    await database.write(INSERT);
    assert.equal(await idOf(), after);
  });

  it("is that it lets nobody in, where the password has changed", async () => {
    await administer("ALTER USER shop@'%' IDENTIFIED BY 'other'");
    const [row] = await admin.read({
      sql: "SELECT GROUP_CONCAT(id) AS ids FROM information_schema.processlist WHERE user = 'shop'",
      parameters: [],
    });
    for (const id of String(row?.ids).split(",")) await administer(`KILL ${id}`);
    await untilTold(database, "it lets nobody in");
    await administer("ALTER USER shop@'%' IDENTIFIED BY 'word'");
    await untilTold(database, undefined);
  });
});

describe("what keeps a SQLite database from taking writes", () => {
  it("is nothing while it takes them, and the look changes no row", async (t) => {
    const database = await openDatabase({
      dataSource: `sqlite:${join(createTestFolder(), "own.db")}`,
      runtime: systemRuntime,
    });
    t.after(() => database.close());
    await database.write({ sql: "PRAGMA user_version = 7", parameters: [] });
    assert.equal(await database.writeTrouble(), undefined);
    const [row] = await database.read({ sql: "PRAGMA user_version", parameters: [] });
    assert.equal(row?.user_version, 7);
  });

  it("is that it has no room, on a full disk, until there is some", { skip: whyNoDisks() }, async (t) => {
    const folder = mountDisk(t);
    if (folder === undefined) return t.skip("no disk may be mounted here");
    const database = await openDatabase({
      dataSource: `sqlite:${join(folder, "own.db")}`,
      runtime: systemRuntime,
    });
    t.after(() => database.close());
    await database.write({ sql: "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)", parameters: [] });
    assert.equal(await database.writeTrouble(), undefined);
    const filler = join(folder, "filler");
    assert.throws(() => execFileSync("dd", ["if=/dev/zero", `of=${filler}`, "bs=4096"], { stdio: "ignore" }));
    // What the log has of room already is taken first.
    for (let write = 0; write < 100 && (await database.writeTrouble()) === undefined; write += 1);
    assert.equal(await database.writeTrouble(), "it has no room left");
    await assert.rejects(
      async () => {
        for (let write = 0; write < 200; write += 1) await database.write(INSERT);
      },
      { reason: "DATABASE_UNAVAILABLE" },
    );
    execFileSync("rm", [filler]);
    await untilTold(database, undefined);
    await database.write(INSERT);
  });
});

/** Why no small disk can be made here. */
function whyNoDisks(): string | false {
  return process.platform === "linux" && process.getuid?.() === 0 ? false : "only root mounts disks";
}

/** A disk of half a megabyte in memory; undefined where none may be mounted. */
function mountDisk(t: TestContext): string | undefined {
  const folder = createTestFolder();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=512k", "tmpfs", folder], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  t.after(() => execFileSync("umount", ["--lazy", folder], { stdio: "ignore" }));
  return folder;
}
