import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, describe, it } from "node:test";
import { AppError } from "@mall/kit/errors";
import { systemRuntime } from "@mall/kit/runtime";
import {
  createTestFolder,
  type NewSampleRow,
  type SampleColumns,
  type SampleRow,
  sampleMigrations,
  sampleTable,
} from "@mall/kit/testing";
import { sql } from "kysely";
import { createTableModel, type Database, migrateToLatest, openDatabase } from "../index.ts";

describe("sqlite database", () => {
  const opened: Database[] = [];
  after(async () => {
    for (const database of opened) await database.close();
  });
  const open = async (path: string): Promise<Database> => {
    const database = await openDatabase({ dataSource: `sqlite:${path}`, runtime: systemRuntime });
    opened.push(database);
    return database;
  };

  it("makes the file and its folders", async () => {
    const path = join(createTestFolder(), "a", "b", "mall.db");
    await (await open(path)).ping();
    assert.ok(existsSync(path));
  });

  it("says which file cannot be used and what to do", async () => {
    const folder = createTestFolder();
    writeFileSync(
      join(folder, "text.db"),
      "this is no database, but a text that is long enough to be one\n".repeat(20),
    );
    writeFileSync(join(folder, "file"), "");
    mkdirSync(join(folder, "folder.db"));
    for (const path of [
      join(folder, "text.db"),
      join(folder, "folder.db"),
      join(folder, "file", "mall.db"),
    ]) {
      await assert.rejects(open(path), (error) => {
        assert.ok(error instanceof AppError);
        assert.deepEqual([error.code, error.reason], ["FAILED_PRECONDITION", "DATABASE_UNUSABLE"]);
        return error.message.includes(path) && /check that/.test(error.message);
      });
    }
  });

  it("sorts the rows of a migration's index outside of memory, and keeps all else there", async () => {
    const database = await open(join(createTestFolder(), "mall.db"));
    const storeIn = async ({ query }: Pick<Database, "query">): Promise<unknown> => {
      const { rows } = await sql<{ temp_store: number }>`PRAGMA temp_store`.execute(query);
      return rows[0]?.temp_store;
    };
    assert.equal(await storeIn(database), 2);
    assert.equal(await database.migrationSession("sample", storeIn), 1);
    assert.equal(await storeIn(database), 2);
  });

  it("keeps :memory: for itself and leaves nothing behind", async () => {
    const leftovers = () =>
      readdirSync(tmpdir()).filter((name) => name.startsWith(`mall-memory-${process.pid}-`));
    const [one, two] = await Promise.all(
      [1, 2].map(() => openDatabase({ dataSource: "sqlite::memory:", runtime: systemRuntime })),
    );
    assert.ok(one !== undefined && two !== undefined);
    await migrateToLatest(one, sampleMigrations);
    await assert.rejects(two.read({ sql: "SELECT * FROM sample", parameters: [] }));
    await one.close();
    await two.close();
    assert.deepEqual(leftovers(), []);
  });

  it("waits for another process's transaction without blocking this one", async () => {
    const path = join(createTestFolder(), "mall.db");
    const database = await open(path);
    await database.write({ sql: "CREATE TABLE t (id int)", parameters: [] });
    const other = await open(path);
    let ticks = 0;
    const ticking = setInterval(() => {
      ticks += 1;
    }, 1);
    const insert = { sql: "INSERT INTO t VALUES (1)", parameters: [] };
    let blocked: Promise<unknown> | undefined;
    await other.transaction(async (tx) => {
      await tx.write(insert);
      const waiting = Array.from({ length: 20 }, () => [
        database.write(insert),
        database.transaction((own) => own.write(insert)),
      ]);
      blocked = Promise.all(waiting.flat());
      while (ticks < 20) await new Promise((resolve) => setImmediate(resolve));
    });
    await blocked;
    clearInterval(ticking);
    assert.equal((await database.read({ sql: "SELECT * FROM t", parameters: [] })).length, 41);
  });

  it("sees what another connection committed in the same turn of the event loop", async () => {
    const path = join(createTestFolder(), "mall.db");
    const database = await open(path);
    await migrateToLatest(database, sampleMigrations);
    const other = new DatabaseSync(path);
    const samples = createTableModel<SampleRow, NewSampleRow, SampleColumns>(database, sampleTable);
    let turns = 0;
    setImmediate(() => {
      turns += 1;
    });
    for (const id of [1, 2, 3]) {
      assert.equal(await samples.findOne(id), undefined);
      other.prepare("INSERT INTO sample (owner) VALUES (?)").run(id);
      assert.equal((await samples.findOne(id))?.owner, id);
    }
    assert.equal(turns, 0);
    other.close();
  });

  it("has every acknowledged row after the process is killed", async () => {
    const path = join(createTestFolder(), "mall.db");
    await migrateToLatest(await open(path), sampleMigrations);
    const script = `
      import { systemRuntime } from "@mall/kit/runtime";
      import { createTableModel, openDatabase } from "@mall/kit/store";
      import { sampleTable } from "@mall/kit/testing";
      const database = await openDatabase({ dataSource: "sqlite:" + process.env.DATABASE_PATH, runtime: systemRuntime });
      const samples = createTableModel(database, sampleTable);
      for (let i = 0; ; i++) {
        const ids = await Promise.all([1, 2, 3].map(() => samples.insert({ owner: 1 })));
        process.stdout.write(ids.join("\\n") + "\\n");
      }`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: import.meta.dirname,
      env: { ...process.env, DATABASE_PATH: path },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
      if (output.length > 5_000) child.kill("SIGKILL");
    });
    await once(child, "close");
    const acknowledged = output.split("\n").slice(0, -1).map(Number);
    const samples = createTableModel<SampleRow, NewSampleRow, SampleColumns>(await open(path), sampleTable);
    const rows = await Promise.all(acknowledged.map((id) => samples.findOne(id)));
    assert.ok(rows.length > 100 && rows.every((row) => row?.owner === 1));
  });
});
